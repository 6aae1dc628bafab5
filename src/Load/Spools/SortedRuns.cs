namespace VerseEtl.Load.Spools;

/// <summary>Several sorted sequences as one.</summary>
internal static class SortedRuns
{
    /// <summary>Holds one element of each run.</summary>
    /// <param name="runs">Each in order; elements that compare as equal come in any order.</param>
    public static IEnumerable<T> Merged<T>(IEnumerable<IEnumerable<T>> runs, IComparer<T> order)
    {
        PriorityQueue<IEnumerator<T>, T> heads = new(order);
        foreach (IEnumerable<T> run in runs) Next(run.GetEnumerator());
        while (heads.TryDequeue(out IEnumerator<T>? run, out T? first))
        {
            yield return first;
            Next(run);
        }

        void Next(IEnumerator<T> run)
        {
            if (run.MoveNext()) heads.Enqueue(run, run.Current);
        }
    }
}
