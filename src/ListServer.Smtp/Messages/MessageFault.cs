namespace ListServer.Smtp;

/// <summary>Why the octets of a message cannot be taken.</summary>
internal enum MessageFault
{
    None,
    TooLarge,
    BareCarriageReturn,
    BareLineFeed,
    Nul,
}
