namespace ListServer.Conformance;

/// <summary>Writes whole lines from many tasks to one stream.</summary>
internal sealed class LineWriter(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task WriteAsync(ReadOnlyMemory<byte> json)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(json).ConfigureAwait(false);
            await stream.WriteAsync("\n"u8.ToArray()).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
