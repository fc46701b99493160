using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ListServer.MailAuth.Author;

/// <summary>One mailbox: the local part and the domain as written, and the decoded display name or null.</summary>
internal sealed record Mailbox(string LocalPart, string Domain, string? DisplayName);

/// <summary>
/// Reads exactly one mailbox (RFC 5322 §3.4, RFC 6532 §3.2), without the obsolete forms but for dots in a display name. Comments may
/// stand before and behind an address and within a display name, not inside an address: readers disagree about those.
/// </summary>
internal ref struct MailboxReader
{
    /// <summary>Fillers, a blank in Braille, joiners and variants that show nothing; two more at signs; what stands for undecodable octets.</summary>
    private static readonly FrozenSet<int> UnseenLetters =
        [0x034F, 0x115F, 0x1160, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0, .. Enumerable.Range(0xFE00, 16), 0xFE6B, 0xFF20, 0xFFFD];

    private readonly string _text;
    private int _at;
    private string? _fault;

    private MailboxReader(string text) => _text = text;

    /// <summary>The mailbox, or null and what is wrong.</summary>
    public static Mailbox? Read(string text, out string fault)
    {
        var reader = new MailboxReader(text);
        var mailbox = reader.ReadMailbox();
        fault = reader._fault ?? "the From field holds no address";
        return reader._fault is null ? mailbox : null;
    }

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private Mailbox? ReadMailbox()
    {
        SkipComments();
        var start = _at;
        var local = ReadLocalPart();
        Mailbox? mailbox;
        if (local is not null && Next == '@')
        {
            mailbox = ReadDomain(local, null);
        }
        else
        {
            _at = start;
            mailbox = ReadNamed();
        }

        SkipComments();
        if (_fault is null && _at < _text.Length)
        {
            _fault = Next switch
            {
                ',' => "the From field holds more than one mailbox",
                ':' or ';' => "the From field holds a group",
                _ => "something follows the address",
            };
        }

        return mailbox;
    }

    /// <summary>[phrase] "&lt;" addr-spec "&gt;"</summary>
    private Mailbox? ReadNamed()
    {
        var name = ReadPhrase();
        if (_fault is not null || Next != '<')
        {
            _fault ??= Next switch
            {
                ':' => "the From field holds a group",
                ',' => "a list element is not an address",
                _ => "the From field holds no address in the form of RFC 5322",
            };
            return null;
        }

        _at++;
        SkipSpace();
        if (Next == '@')
        {
            _fault = "the address has a route";
            return null;
        }

        var local = ReadLocalPart();
        if (local is null || Next != '@')
        {
            _fault ??= "the address is not in the form of RFC 5322";
            return null;
        }

        var mailbox = ReadDomain(local, name);
        SkipSpace();
        if (Next != '>')
        {
            _fault ??= "something else stands within the angle brackets";
            return null;
        }

        _at++;
        return mailbox;
    }

    private Mailbox? ReadDomain(string local, string? name)
    {
        _at++;
        if (Next == '[')
        {
            _fault = "the address has an address literal instead of a domain";
            return null;
        }

        if (ReadDotAtom() is { } domain)
        {
            return new Mailbox(local, domain, name);
        }

        _fault = "the address has no valid domain name";
        return null;
    }

    /// <summary>dot-atom or quoted-string, as written.</summary>
    private string? ReadLocalPart()
    {
        var start = _at;
        if (Next != '"')
        {
            return ReadDotAtom() is { } local && !HasUnseen(local) ? local : null;
        }

        return ReadQuoted(null) && !HasUnseen(_text[start.._at]) ? _text[start.._at] : null;
    }

    private string? ReadDotAtom()
    {
        var start = _at;
        while (IsAtomText(Next) || (Next == '.' && _at > start && _text[_at - 1] != '.'))
        {
            _at++;
        }

        return _at == start || _text[_at - 1] == '.' ? null : _text[start.._at];
    }

    /// <summary>The words of a phrase, decoded; null when there are none. A dot may stand among them (RFC 5322 §4.1).</summary>
    private string? ReadPhrase()
    {
        var words = new StringBuilder();
        while (_fault is null)
        {
            var before = _at;
            SkipComments();
            if (_at > before && words.Length > 0)
            {
                words.Append(' ');
            }

            if (Next == '"')
            {
                ReadQuoted(words);
            }
            else if (IsAtomText(Next) || (Next == '.' && words.Length > 0))
            {
                words.Append(_text[_at++]);
            }
            else
            {
                break;
            }
        }

        var name = EncodedWords.Decode(words.ToString()).Trim();
        return name.Length == 0 ? null : name;
    }

    /// <summary>Passes a quoted string; its content, quoted pairs undone, goes to <paramref name="content"/>.</summary>
    private bool ReadQuoted(StringBuilder? content)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (Next == '"')
            {
                _at++;
                return true;
            }

            if (Next == '\\' && ++_at == _text.Length)
            {
                break;
            }

            content?.Append(Next);
        }

        _fault = "a quoted string does not end";
        return false;
    }

    private void SkipSpace()
    {
        while (Next is ' ' or '\t')
        {
            _at++;
        }
    }

    /// <summary>Passes blanks and comments, which may be nested (RFC 5322 §3.2.2).</summary>
    private void SkipComments()
    {
        var depth = 0;
        for (; _at < _text.Length; _at++)
        {
            if (Next == '(')
            {
                depth++;
            }
            else if (Next == ')' && depth > 0)
            {
                depth--;
            }
            else if (Next == '\\' && depth > 0)
            {
                _at++;
            }
            else if (depth == 0 && Next is not (' ' or '\t'))
            {
                return;
            }
        }

        if (depth > 0)
        {
            _at = _text.Length;
            _fault = "a comment does not end";
        }
    }

    /// <summary>True for an address with what a reader does not see, or takes for an at sign (AUTH-91).</summary>
    private static bool HasUnseen(string local) => local.EnumerateRunes().Any(r => r.Value >= 0x80
        && (Rune.GetUnicodeCategory(r) is UnicodeCategory.Control or UnicodeCategory.Format || Rune.IsWhiteSpace(r) || UnseenLetters.Contains(r.Value)));

    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || c >= 0x80 || (c > ' ' && "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal));
}
