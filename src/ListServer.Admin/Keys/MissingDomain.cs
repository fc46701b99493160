using ListServer.Lists;
using ListServer.Store;

namespace ListServer.Admin.Keys;

/// <summary>The one answer to a domain that is not here.</summary>
internal static class MissingDomain
{
    public static MailDomain? Find(ListStore store, string name) =>
        DomainName.Normalize(name) is { } normal ? store.FindDomain(normal) : null;

    public static RefusedUseCase Refuse(string name) =>
        RefusedUseCase.NotFound($"The domain {name} is not here. Add it first: listserver domain add {name}");
}
