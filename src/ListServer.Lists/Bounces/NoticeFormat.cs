namespace ListServer.Lists.Bounces;

/// <summary>Where a format's addresses stand, counted from its words.</summary>
internal enum AddressPlace
{
    /// <summary>Right behind the words, on their line or the next one with any; the words may come again for the next address.</summary>
    Here,

    /// <summary>At the start of lines behind the words, up to a ruled line.</summary>
    Lines,

    /// <summary>Anywhere in lines behind the words, up to a ruled line: the first of each.</summary>
    Within,

    /// <summary>In lines "&lt;address&gt;:" that have no space before them.</summary>
    Angles,

    /// <summary>In replies of a transcript: "550 &lt;address&gt;... words".</summary>
    Replies,

    /// <summary>In lines of the notice that hold an address and nothing else.</summary>
    Alone,

    /// <summary>A bare local part at the start of lines behind the words; its domain is the notice's own.</summary>
    LocalParts,
}

/// <summary>How a program that reports in plain words names its recipients.</summary>
/// <param name="Words">What introduces them. Case and white space do not matter, line ends are white space; empty for the whole notice.</param>
/// <param name="Place">Where they stand.</param>
/// <param name="Action">What the words say became of them.</param>
internal sealed record NoticeFormat(string Words, AddressPlace Place = AddressPlace.Lines, ReturnAction Action = ReturnAction.Failed);
