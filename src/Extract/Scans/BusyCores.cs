namespace VerseEtl.Extract.Scans;

/// <summary>How many cores the scans measured together keep busy, so that one takes a second core only where one is idle.</summary>
internal sealed class BusyCores
{
    private int _busy;

    /// <summary>Takes a core whether one is idle or not; free it by disposing.</summary>
    public Core Take()
    {
        Interlocked.Increment(ref _busy);
        return new Core(this);
    }

    /// <summary>Takes a core if one is idle, else null.</summary>
    public Core? TakeIdle()
    {
        if (Interlocked.Increment(ref _busy) <= Environment.ProcessorCount) return new Core(this);
        Interlocked.Decrement(ref _busy);
        return null;
    }

    internal sealed class Core(BusyCores cores) : IDisposable
    {
        private bool _freed;

        public void Dispose()
        {
            if (_freed) return;
            _freed = true;
            Interlocked.Decrement(ref cores._busy);
        }
    }
}
