using System.Collections.Immutable;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using MimeKit;

namespace ListServer.Lists.Filtering;

/// <summary>Takes out of one message what a list does not let through, octets that stay untouched (RFC 2046 §5.1).</summary>
internal sealed class FilterRun
{
    private readonly ContentFilter _filter;
    private readonly ImmutableArray<FilteredPart>.Builder _parts = ImmutableArray.CreateBuilder<FilteredPart>();
    private bool _isConverted;
    private bool _holdsSigned;
    private FilteredPart? _tooLarge;

    private FilterRun(ContentFilter filter) => _filter = filter;

    /// <summary>Looks through a message. Pure; the message has passed <see cref="PreCheck"/>, so that it is neither deep nor of many parts.</summary>
    public static Filtered Apply(ContentFilter filter, Entity message)
    {
        var run = new FilterRun(filter);
        var left = run.Pass(message);
        return new Filtered(left, run._parts.ToImmutable(), run._isConverted, run._holdsSigned, run._tooLarge);
    }

    // Null for what is taken out; the same object for what stays as it is.
    private Entity? Pass(Entity entity)
    {
        var kind = BodyEntity.Of(entity.Fields);
        var isOpen = kind.Encoding is "7bit" or "8bit" or "binary";
        switch (kind.MediaType)
        {
            case "multipart/signed":
                _holdsSigned |= kind.Boundary is { } signed && Breaks(entity.Body, signed);
                return entity;
            case "multipart/encrypted" or "application/pkcs7-mime" or "application/x-pkcs7-mime":
                return entity;
            case "multipart/alternative" when isOpen && kind.Boundary is { } boundary:
                return PassAlternative(entity, boundary);
            case "multipart/related" when isOpen && kind.Boundary is { } boundary && _filter.Html is HtmlAction.Text:
                return PassRelated(entity, boundary);
            case ['m', 'u', 'l', 't', 'i', 'p', 'a', 'r', 't', '/', ..] when isOpen && kind.Boundary is { } boundary:
                return PassMultipart(entity, boundary);
            case "message/rfc822" when isOpen:
                return PassMessage(entity);
            default:
                return PassLeaf(entity, kind);
        }
    }

    private Entity? PassMultipart(Entity entity, string boundary)
    {
        var (kept, all, isSame) = (0, 0, true);
        var body = Parts.Filter(entity.Body, boundary, octets =>
        {
            all++;
            var part = Entity.Of(octets);
            var passed = Pass(part);
            kept += passed is null ? 0 : 1;
            isSame &= ReferenceEquals(passed, part);
            return passed is null ? (ReadOnlyMemory<byte>?)null : ReferenceEquals(passed, part) ? octets : passed.ToOctets();
        });
        return isSame ? entity : kept == 0 && all > 0 ? null : entity with { Body = body };
    }

    // RFC 2046 §5.1.4: the same in several forms. What is left out of them is no loss, and gets no note.
    private Entity? PassAlternative(Entity entity, string boundary)
    {
        if (_filter.Html is HtmlAction.Keep)
        {
            var before = _parts.Count;
            var passed = PassMultipart(entity, boundary);
            _isConverted |= passed is not null && _parts.Count > before;
            _parts.Count = passed is null ? _parts.Count : before;
            return passed;
        }

        var forms = Children(entity.Body, boundary);
        var plain = forms.FirstOrDefault(part => BodyEntity.Of(part.Fields) is { MediaType: "text/plain", IsAttachment: false });
        var chosen = (plain is null ? null : Pass(plain)) ?? forms.Where(part => part != plain).Select(Pass).FirstOrDefault(part => part is not null);
        foreach (var form in forms.Where(part => part != plain))
        {
            NameAttachments(form);
        }

        _isConverted |= chosen is not null;
        return chosen is not null ? entity.With(chosen) : forms.IsEmpty ? entity : null;
    }

    // Some programs put attachments within the form that has looks: those are lost with it, and named. Its pictures (RFC 2392) are its looks.
    private void NameAttachments(Entity form)
    {
        var kind = BodyEntity.Of(form.Fields);
        if (kind is { Boundary: { } boundary, Encoding: "7bit" or "8bit" or "binary" } && kind.MediaType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            foreach (var part in Children(form.Body, boundary))
            {
                NameAttachments(part);
            }
        }
        else if (!(kind is { MediaType: "text/plain" or "text/html", IsAttachment: false }) && Field.Find(form.Fields, "Content-ID") is null && Describe(form, kind) is var lost && !_parts.Contains(lost))
        {
            _parts.Add(lost);
        }
    }

    // RFC 2387: a text and what it shows. Plain text shows nothing, so that the rest are attachments that nobody can place.
    private Entity? PassRelated(Entity entity, string boundary)
    {
        var parts = Children(entity.Body, boundary);
        if (parts.IsEmpty)
        {
            return entity;
        }

        foreach (var picture in parts.Skip(1))
        {
            _parts.Add(Describe(picture, BodyEntity.Of(picture.Fields)));
        }

        _isConverted = true;
        return Pass(parts[0]) is { } root ? entity.With(root) : null;
    }

    private Entity? PassMessage(Entity entity)
    {
        if (IsTooLarge(() => Describe(entity, BodyEntity.Of(entity.Fields))))
        {
            return null;
        }

        var inner = Entity.Of(entity.Body);
        var passed = Pass(inner);
        return passed is null ? null : ReferenceEquals(passed, inner) ? entity : entity with { Body = passed.ToOctets() };
    }

    private Entity? PassLeaf(Entity entity, BodyEntity kind)
    {
        var part = Describe(entity, kind);
        if (!_filter.Passes(part.MediaType, part.Name))
        {
            _parts.Add(part);
            return null;
        }

        var isText = kind is { MediaType: "text/plain" or "text/html", IsAttachment: false } && part.Name.Length == 0;
        if (!isText)
        {
            return IsTooLarge(() => part) ? null : entity;
        }

        return kind.MediaType == "text/html" && _filter.Html is HtmlAction.Text ? ToText(entity, part) : entity;
    }

    private bool IsTooLarge(Func<FilteredPart> describe)
    {
        if (_filter.Attachments is AttachmentAction.Keep || describe() is not { } part || part.Octets <= _filter.MaxAttachmentOctets)
        {
            return false;
        }

        if (_filter.Attachments is AttachmentAction.Hold)
        {
            _tooLarge ??= part;
            return false;
        }

        _parts.Add(part with { IsKept = _filter.Attachments is AttachmentAction.Link });
        return true;
    }

    private Entity? ToText(Entity entity, FilteredPart part)
    {
        if (Read(entity) is not TextPart html || HtmlText.Of(html.Text) is not { } text)
        {
            _parts.Add(part);
            return null;
        }

        _isConverted = true;
        return TextEntity.Of(entity, text);
    }

    // A signed part is looked into by a run of its own: what that one would take out stays, as taking it out breaks the signature.
    private bool Breaks(ReadOnlyMemory<byte> body, string boundary) =>
        Children(body, boundary) is [var signed, ..] && Apply(_filter, signed) is var look
        && (!ReferenceEquals(look.Whole, signed) || look.HoldsSigned || look.TooLarge is not null);

    private static ImmutableArray<Entity> Children(ReadOnlyMemory<byte> body, string boundary)
    {
        var children = ImmutableArray.CreateBuilder<Entity>();
        Parts.Filter(body, boundary, octets =>
        {
            children.Add(Entity.Of(octets));
            return octets;
        });
        return children.ToImmutable();
    }

    private static FilteredPart Describe(Entity entity, BodyEntity kind)
    {
        // A name stands in the header: the content is not read for it.
        var read = Read(entity with { Body = default });
        var octets = kind.Encoding == "base64" ? Decoded(entity.Body.Span) : entity.Body.Length;
        return new FilteredPart(read is null ? "" : AttachmentName.Given(read), kind.MediaType.Length > 0 ? kind.MediaType : "application/octet-stream", octets);
    }

    private static long Decoded(ReadOnlySpan<byte> base64)
    {
        var characters = 0L;
        foreach (var octet in base64)
        {
            characters += octet is (byte)'+' or (byte)'/' || char.IsAsciiLetterOrDigit((char)octet) ? 1 : 0;
        }

        return characters * 3 / 4;
    }

    private static MimeEntity? Read(Entity entity)
    {
        try
        {
            using var stream = new MemoryStream(entity.ToOctets(), writable: false);
            return MimeEntity.Load(stream);
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for an entity has no name and no text.
            return null;
        }
    }
}
