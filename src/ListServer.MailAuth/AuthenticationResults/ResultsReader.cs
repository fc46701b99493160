using System.Collections.Immutable;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>Reads an Authentication-Results value (RFC 8601 §2.2).</summary>
internal ref struct ResultsReader(ReadOnlySpan<byte> value)
{
    private ResultsScanner _scanner = new(value);

    /// <summary>What is wrong, after <see cref="Read"/> gave null.</summary>
    public string? Error { get; private set; }

    public ResultsField? Read()
    {
        if (!ReadAuthservId(out var authservId))
        {
            return null;
        }

        var results = ImmutableArray.CreateBuilder<MethodResult>();
        var saysNone = false;
        while (!_scanner.AtEnd)
        {
            if (!_scanner.TryTake((byte)';') || !_scanner.SkipCfws())
            {
                Fail("a \";\" is expected");
                return null;
            }

            if (_scanner.AtEnd)
            {
                break; // a final ";" is no result
            }

            if (saysNone || !ReadResult(results, out saysNone))
            {
                Fail("nothing may follow \"none\"");
                return null;
            }
        }

        return new ResultsField(authservId, results.DrainToImmutable());
    }

    private bool ReadAuthservId(out string authservId)
    {
        authservId = "";
        if (!_scanner.SkipCfws())
        {
            return Fail("a comment has no end");
        }

        authservId = _scanner.Current == '"' ? _scanner.TakeQuoted() ?? "" : _scanner.TakeToken();
        if (authservId.Length == 0)
        {
            return Fail("the authserv-id is missing");
        }

        if (!_scanner.SkipCfws())
        {
            return Fail("a comment has no end");
        }

        _ = _scanner.TakeDigits(); // the version of the grammar
        return _scanner.SkipCfws() || Fail("a comment has no end");
    }

    private bool ReadResult(ImmutableArray<MethodResult>.Builder results, out bool saysNone)
    {
        saysNone = false;
        var method = _scanner.TakeKeyword(withDots: true);
        if (method.Length == 0 || !_scanner.SkipCfws())
        {
            return Fail("a method is expected");
        }

        if (method.Equals("none", StringComparison.OrdinalIgnoreCase) && (_scanner.AtEnd || _scanner.Current == ';'))
        {
            saysNone = true;
            return results.Count == 0 || Fail("\"none\" stands beside results");
        }

        if (_scanner.TryTake((byte)'/') && (!_scanner.SkipCfws() || _scanner.TakeDigits().IsEmpty || !_scanner.SkipCfws()))
        {
            return Fail("the method's version is no number");
        }

        if (!_scanner.TryTake((byte)'=') || !_scanner.SkipCfws())
        {
            return Fail("a \"=\" is expected behind the method");
        }

        var result = _scanner.TakeKeyword(withDots: false);
        if (result.Length == 0 || !_scanner.SkipCfws())
        {
            return Fail("a result is expected");
        }

        var properties = ImmutableArray.CreateBuilder<ResultProperty>();
        string? reason = null;
        while (!_scanner.AtEnd && _scanner.Current != ';')
        {
            if (!ReadProperty(properties, ref reason))
            {
                return false;
            }
        }

        results.Add(new MethodResult(method, result, reason, properties.DrainToImmutable()));
        return true;
    }

    private bool ReadProperty(ImmutableArray<ResultProperty>.Builder properties, ref string? reason)
    {
        var name = _scanner.TakeKeyword(withDots: false);
        if (name.Length == 0 || !_scanner.SkipCfws())
        {
            return Fail("a property is expected");
        }

        var property = "";
        if (_scanner.TryTake((byte)'.'))
        {
            if (!_scanner.SkipCfws() || (property = _scanner.TakeKeyword(withDots: false)).Length == 0 || !_scanner.SkipCfws())
            {
                return Fail("a property's name is expected");
            }
        }
        else if (!IsPlain(name))
        {
            return Fail($"\"{name}\" is no property");
        }

        if (!_scanner.TryTake((byte)'=') || !_scanner.SkipCfws() || ReadValue() is not { } value || !_scanner.SkipCfws())
        {
            return Fail("a value is expected");
        }

        if (property.Length > 0)
        {
            properties.Add(new ResultProperty(name, property, value));
        }
        else if (name.Equals("reason", StringComparison.OrdinalIgnoreCase))
        {
            reason ??= value;
        }

        return true;
    }

    /// <summary>What may stand without a dot: reason=, and the action= that Microsoft's receivers write, which is read and forgotten.</summary>
    private static bool IsPlain(string name) =>
        name.Equals("reason", StringComparison.OrdinalIgnoreCase) || name.Equals("action", StringComparison.OrdinalIgnoreCase);

    /// <summary>A value or pvalue (RFC 8601 §2.2), which is empty only in quotes; a local part may be quoted. Null when it is malformed.</summary>
    private string? ReadValue()
    {
        if (_scanner.Current != '"')
        {
            return _scanner.TakeLoose() is { Length: > 0 } loose ? loose : null;
        }

        var quoted = _scanner.TakeQuoted();
        return quoted is not null && !_scanner.AtEnd && _scanner.Current == '@' ? quoted + _scanner.TakeLoose() : quoted;
    }

    private bool Fail(string error)
    {
        Error ??= $"{ShownText.Of(error)} at octet {_scanner.Position}";
        return false;
    }
}
