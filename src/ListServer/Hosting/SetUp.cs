using ListServer.Admin;

namespace ListServer.Hosting;

/// <summary>How a stage of our own, the demo's or a load run's, is furnished: by the use cases that everybody has.</summary>
internal static class SetUp
{
    /// <summary>Runs a use case that has no reason to be refused.</summary>
    /// <exception cref="ServerStartException">It was refused all the same.</exception>
    public static async Task<T> MustAsync<T>(this IAdminDesk desk, UseCase<T> useCase, CancellationToken cancellationToken) =>
        await desk.RunAsync(useCase, cancellationToken) switch
        {
            Outcome<T>.Done(var answer) => answer,
            Outcome<T>.Refused(_, var message) => throw new ServerStartException(message),
            _ => throw new InvalidOperationException("An outcome is done or refused."),
        };
}
