namespace ListServer.Store;

/// <summary>A report has no counts any more: it was settled before, or nobody agrees to it now. Nothing of the commit happened.</summary>
public sealed class ReportGoneException : InvalidOperationException
{
    /// <summary>With what it is about.</summary>
    public ReportGoneException(DateOnly day, string domain)
        : base($"The report of {day:yyyy-MM-dd} about {domain} was settled before.")
    {
    }
}
