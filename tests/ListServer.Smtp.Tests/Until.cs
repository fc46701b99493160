namespace ListServer.Smtp.Tests;

/// <summary>Waits for what another thread is about to do.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        for (var i = 0; i < 10_000 && !condition(); i++)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        condition().ShouldBeTrue();
    }
}
