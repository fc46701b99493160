using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>The fields of one member's copy that let that member leave by one click (RFC 8058, AUTH-53).</summary>
public static class OneClick
{
    /// <summary>Puts the member's own link into List-Unsubscribe, and List-Unsubscribe-Post behind it; fields without a List-Unsubscribe stay as they are.</summary>
    /// <param name="fields">The list's fields, top to bottom.</param>
    /// <param name="list">The list.</param>
    /// <param name="link">An https address; a POST to it ends the subscription.</param>
    public static ImmutableArray<HeaderField> Put(ImmutableArray<HeaderField> fields, MailingList list, Uri link)
    {
        var index = fields.Index().FirstOrDefault(f => f.Item.Is("List-Unsubscribe"), (-1, default)).Item1;
        return index < 0 ? fields : fields
            .SetItem(index, Field.Make("List-Unsubscribe", $"<{link.AbsoluteUri}>,\r\n {ListFieldsStep.Leave(list)}"))
            .Insert(index + 1, Field.Make("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
}
