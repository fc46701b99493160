namespace ListServer.Admin.Lists;

/// <summary>The one answer to a list that is not here.</summary>
internal static class MissingList
{
    public static RefusedUseCase Refuse(string address) =>
        RefusedUseCase.NotFound($"There is no list {address}. 'listserver list show' names all of them.");
}
