using ListServer.Admin;

namespace ListServer.Commands;

/// <summary>What the command line answers to the shell.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NeedsConfirmation = 4;
    public const int PartlyDone = 5;
    public const int TryLater = 75;
    public const int NotAllowed = 77;

    public static int Of(Refusal refusal) => refusal switch
    {
        Refusal.Invalid => Usage,
        Refusal.NotFound => NotFound,
        Refusal.NotAllowed => NotAllowed,
        Refusal.TryLater => TryLater,
        _ => Failed,
    };
}
