using System.Runtime.CompilerServices;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// 26-connected components of one label by union-find over the runs of two slices (runs as in Wu, Otoo and Suzuki 2009). Two runs are
/// neighbours if their rows are at most one apart in j and k and their i ranges, widened by one voxel, overlap. After each slice the
/// components that reach it are numbered anew and the others are closed.
/// <para>
/// A slice is one ascending list, so that rows one apart are found by walking two lists at once with a constant between their positions.
/// A label is nearly always in one piece; then a run needs only one neighbour in the slice before, and few need more than one look.
/// </para>
/// </summary>
internal sealed class LabelComponents
{
    // i is below it, so that the last voxel of a row and the first of the next one are no neighbours
    private const long RowStride = 1L << 21;

    private const int None = -1;

    private struct Run
    {
        /// <summary>Positions j * RowStride + i; the end is the voxel behind the last one.</summary>
        public long First, End;

        public int Component;
    }

    private Run[] _current = new Run[256], _before = new Run[256];
    private int _currentCount, _beforeCount;
    private int _k = None;
    private int[] _parent = new int[256], _scratch = new int[256];
    private long[] _size = new long[256];
    private int _used;

    // of those in use, how many are not joined to another one
    private int _distinct;

    /// <summary>Components so far; complete after <see cref="Finish"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Voxels of the largest component.</summary>
    public long Largest { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.K != _k)
        {
            CloseSlice(run.K);
            _k = run.K;
        }
        int count = _currentCount;
        if (count == _current.Length) Array.Resize(ref _current, 2 * count);
        long first = run.J * RowStride + run.I;
        _current[count] = new Run { First = first, End = first + run.Length, Component = None };
        _currentCount = count + 1;
    }

    public void Finish() => CloseSlice(nextK: None);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CloseSlice(int nextK)
    {
        Reserve(_used + _currentCount);
        LinkSlice();
        Renumber();
        (_current, _before) = (_before, _current);
        (_beforeCount, _currentCount) = (_currentCount, 0);
        if (nextK == _k + 1) return;
        for (int component = 0; component < _used; component++) Close(component);
        _used = _distinct = _beforeCount = 0;
    }

    /// <summary>Gives every run of the current slice a component and joins those that touch.</summary>
    [MethodImpl(Hot.Method)]
    private void LinkSlice()
    {
        Span<Run> current = _current.AsSpan(0, _currentCount);
        ReadOnlySpan<Run> before = _before.AsSpan(0, _beforeCount);
        if (_distinct == 1)
        {
            TakeOnly(current, before);
        }
        else
        {
            Link(current, before, -RowStride);
            Link(current, before, 0);
            Link(current, before, RowStride);
        }
        foreach (ref Run run in current)
            if (run.Component == None) run.Component = NewComponent();
        if (_distinct != 1) Link(current, current, RowStride);
        foreach (ref Run run in current) _size[Root(run.Component)] += run.End - run.First;
    }

    /// <summary>The runs that touch one of the slice before, which are all of component 0, belong to it.</summary>
    [MethodImpl(Hot.Method)]
    private void TakeOnly(Span<Run> current, ReadOnlySpan<Run> before)
    {
        int a = 0, b = 0;
        while (a < current.Length && b < before.Length)
        {
            ref Run run = ref current[a];
            ref readonly Run other = ref before[b];
            bool touches = run.First <= other.End & other.First <= run.End;
            run.Component = touches ? 0 : run.Component;
            Advance(run.End, other.End, ref a, ref b);
        }

        Span<int> left = _scratch;
        int count = 0;
        for (int at = 0; at < current.Length; at++)
        {
            left[count] = at;
            count += current[at].Component == None ? 1 : 0;
        }
        left = left[..count];
        TakeOnly(current, left, before, -RowStride);
        TakeOnly(current, left, before, RowStride);
    }

    [MethodImpl(Hot.Method)]
    private static void TakeOnly(Span<Run> current, ReadOnlySpan<int> left, ReadOnlySpan<Run> before, long shift)
    {
        int b = 0;
        foreach (int at in left)
        {
            ref Run run = ref current[at];
            while (b < before.Length && before[b].End + shift < run.First) b++;
            if (b == before.Length) return;
            if (before[b].First + shift <= run.End) run.Component = 0;
        }
    }

    /// <summary>Joins runs with those of another list that touch them once that one is shifted.</summary>
    [MethodImpl(Hot.Method)]
    private void Link(Span<Run> runs, ReadOnlySpan<Run> others, long shift)
    {
        int a = 0, b = 0;
        while (a < runs.Length && b < others.Length)
        {
            ref Run run = ref runs[a];
            ref readonly Run other = ref others[b];
            long otherEnd = other.End + shift;
            if (run.First <= otherEnd && other.First + shift <= run.End && run.Component != other.Component)
            {
                if (run.Component == None) run.Component = other.Component;
                else Join(run.Component, other.Component);
            }
            Advance(run.End, otherEnd, ref a, ref b);
        }
    }

    /// <summary>
    /// Whichever run ends first cannot touch anything further along the other list; if both end at one voxel, neither can, for runs of
    /// one label in one row have a voxel between them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(long end, long otherEnd, ref int a, ref int b)
    {
        a += end <= otherEnd ? 1 : 0;
        b += otherEnd <= end ? 1 : 0;
    }

    private void Join(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        if (a == b) return;
        _parent[b] = a;
        _size[a] += _size[b];
        _distinct--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Root(int component)
    {
        while (_parent[component] != component)
        {
            _parent[component] = _parent[_parent[component]];
            component = _parent[component];
        }
        return component;
    }

    private int NewComponent()
    {
        int component = _used++;
        _parent[component] = component;
        _size[component] = 0;
        _distinct++;
        return component;
    }

    /// <summary>
    /// Closes components that do not reach the current slice and numbers the others from 0. In ascending order every new number is at most
    /// the old one, so the arrays can be rewritten in place.
    /// </summary>
    [MethodImpl(Hot.Method)]
    private void Renumber()
    {
        if (_used == 1) return;
        Span<Run> current = _current.AsSpan(0, _currentCount);
        Span<int> renumbered = _scratch.AsSpan(0, _used);
        renumbered.Fill(None);
        foreach (ref Run run in current)
        {
            run.Component = Root(run.Component);
            renumbered[run.Component] = 0;
        }
        int live = 0;
        for (int component = 0; component < _used; component++)
        {
            if (_parent[component] != component) continue;
            if (renumbered[component] == None)
            {
                Close(component);
                continue;
            }
            renumbered[component] = live;
            _size[live] = _size[component];
            live++;
        }
        foreach (ref Run run in current) run.Component = renumbered[run.Component];
        for (int component = 0; component < live; component++) _parent[component] = component;
        _used = _distinct = live;
    }

    private void Close(int component)
    {
        Count++;
        if (_size[component] > Largest) Largest = _size[component];
    }

    // room for so many components, and one more for what is written ahead
    private void Reserve(int components)
    {
        if (components < _parent.Length) return;
        int length = Math.Max(components + 1, 2 * _parent.Length);
        Array.Resize(ref _parent, length);
        Array.Resize(ref _size, length);
        Array.Resize(ref _scratch, length);
    }
}
