namespace VerseEtl.Extract.Scans;

/// <summary>How many cores the measuring of scans keeps busy in this process, so that more threads are used only where a core is idle.</summary>
internal static class BusyCores
{
    private static int _busy;

    /// <summary>Takes a core whether one is idle or not; free it by disposing.</summary>
    public static Core Take()
    {
        Interlocked.Increment(ref _busy);
        return new Core();
    }

    /// <summary>Takes a core if one is idle, else null.</summary>
    public static Core? TakeIdle()
    {
        if (Interlocked.Increment(ref _busy) <= Environment.ProcessorCount) return new Core();
        Interlocked.Decrement(ref _busy);
        return null;
    }

    internal sealed class Core : IDisposable
    {
        private bool _freed;

        public void Dispose()
        {
            if (_freed) return;
            _freed = true;
            Interlocked.Decrement(ref _busy);
        }
    }
}
