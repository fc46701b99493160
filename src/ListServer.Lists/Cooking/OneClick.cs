using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>The fields of one member's copy that let that member leave by one click (RFC 8058, AUTH-53).</summary>
public static class OneClick
{
    /// <summary>Where List-Unsubscribe stands; -1 when there is none, and with it no place for a link.</summary>
    public static int PlaceIn(ImmutableArray<HeaderField> fields) => fields.Index().FirstOrDefault(f => f.Item.Is("List-Unsubscribe"), (-1, default)).Item1;

    /// <summary>Puts the member's own link into List-Unsubscribe, and List-Unsubscribe-Post behind it; fields without a List-Unsubscribe stay as they are.</summary>
    /// <param name="fields">The list's fields, top to bottom.</param>
    /// <param name="list">The list.</param>
    /// <param name="link">An https address; a POST to it ends the subscription.</param>
    public static ImmutableArray<HeaderField> Put(ImmutableArray<HeaderField> fields, MailingList list, Uri link)
    {
        var place = PlaceIn(fields);
        return place < 0 ? fields : fields
            .SetItem(place, Link(list, link.AbsoluteUri))
            .Insert(place + 1, Field.Make("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }

    /// <summary>The member's own List-Unsubscribe.</summary>
    /// <param name="list">The list.</param>
    /// <param name="link">An https address in its canonical form; a POST to it ends the subscription.</param>
    public static HeaderField Link(MailingList list, string link) => Field.Make("List-Unsubscribe", $"<{link}>,\r\n {ListFieldsStep.Leave(list)}");
}
