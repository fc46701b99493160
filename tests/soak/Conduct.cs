namespace ListServer.Soak;

/// <summary>How a receiving host behaves.</summary>
internal enum Conduct
{
    /// <summary>Takes everything.</summary>
    Good,

    /// <summary>Takes everything, 20 ms after the final dot.</summary>
    Unhurried,

    /// <summary>Answers 450 to the first two attempts at each recipient.</summary>
    Greylists,

    /// <summary>Answers 550 to every recipient.</summary>
    Refuses,

    /// <summary>Answers 450 to every recipient, always.</summary>
    Defers,

    /// <summary>Drops the connection in the middle of DATA, always.</summary>
    DropsInData,

    /// <summary>Answers one octet a second.</summary>
    IsSlow,

    /// <summary>Offers STARTTLS and breaks it, always.</summary>
    BreaksTls,
}
