using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Store.Archive;

namespace ListServer.Admin.Archiving;

/// <summary>Who reads an archive.</summary>
public enum ArchiveReader
{
    /// <summary>The operator: everything that was kept.</summary>
    Operator,

    /// <summary>A member of the list: public and members-only archives.</summary>
    Member,

    /// <summary>Anybody: public archives.</summary>
    Public,
}

/// <summary>An archive and its list, for use cases that show it.</summary>
internal static class OpenedArchive
{
    /// <summary>Finds it.</summary>
    /// <param name="context">Where.</param>
    /// <param name="address">The list's posting address.</param>
    /// <param name="reader">Who reads it.</param>
    /// <param name="refused">Why not, in the same words whether there is no such list or none to be shown.</param>
    public static ListArchive? Find(AdminContext context, string address, ArchiveReader reader, out RefusedUseCase refused)
    {
        var list = context.Store.FindList(address);
        refused = reader is ArchiveReader.Operator
            ? list is null ? MissingList(address) : RefusedUseCase.Conflict($"{list.Address} keeps no archive. Switch it on: listserver list set {list.Address} --archive private")
            : RefusedUseCase.NotFound($"There is no archive of {address} to be read here.");
        return MayRead(list, reader) ? context.Store.Archives.Of(list!.Address) : null;
    }

    private static bool MayRead(MailingList? list, ArchiveReader reader) => list?.Archive switch
    {
        null or ArchiveAccess.Off => false,
        ArchiveAccess.Public => true,
        ArchiveAccess.Members => reader is not ArchiveReader.Public,
        _ => reader is ArchiveReader.Operator,
    };

    private static RefusedUseCase MissingList(string address) => Lists.MissingList.Refuse(address);
}
