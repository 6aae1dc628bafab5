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

    // stands behind the last run of a slice
    private static readonly Run Behind = new() { First = long.MaxValue / 2, End = long.MaxValue / 2, Component = None };

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
        if (count + 1 == _current.Length) Array.Resize(ref _current, 2 * count);
        long first = run.J * RowStride + run.I;
        _current[count] = new Run { First = first, End = first + run.Length, Component = None };
        _currentCount = count + 1;
    }

    public void Finish() => CloseSlice(nextK: None);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CloseSlice(int nextK)
    {
        Reserve(_used + _currentCount);
        _current[_currentCount] = Behind;
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
        Span<Run> slice = _current.AsSpan(0, _currentCount + 1), current = slice[..^1];
        ReadOnlySpan<Run> before = _before.AsSpan(0, _beforeCount + 1);
        if (_distinct == 1)
        {
            ReadOnlySpan<int> apart = ApartFrom(before, slice);
            if (apart.IsEmpty)
            {
                long voxels = 0;
                foreach (ref readonly Run run in current) voxels += run.End - run.First;
                _size[0] += voxels;
                return;
            }
            foreach (ref Run run in current) run.Component = 0;
            foreach (int at in apart) current[at].Component = NewComponent();
        }
        else
        {
            Link(slice, before, 0);
            Link(slice, before, -RowStride);
            Link(slice, before, RowStride);
            foreach (ref Run run in current)
                if (run.Component == None) run.Component = NewComponent();
        }
        if (_distinct != 1) Link(slice, slice, RowStride);
        foreach (ref Run run in current) _size[Root(run.Component)] += run.End - run.First;
    }

    /// <summary>The runs that touch none of the slice before, by where they are in the list; few, if any.</summary>
    [MethodImpl(Hot.Method)]
    private ReadOnlySpan<int> ApartFrom(ReadOnlySpan<Run> before, ReadOnlySpan<Run> current)
    {
        Span<int> apart = _scratch;
        int count = 0, a = 0, b = 0, touched = 0;
        while (a < current.Length - 1 && b < before.Length - 1)
        {
            ref readonly Run run = ref current[a];
            ref readonly Run other = ref before[b];
            long end = run.End, otherEnd = other.End;
            touched |= (run.First <= otherEnd ? 1 : 0) & (other.First <= end ? 1 : 0);
            apart[count] = a;
            int at = a;
            Advance((end, current[a + 1].First), (otherEnd, before[b + 1].First), ref a, ref b);
            int passed = a - at;
            count += passed & ~touched;
            touched &= ~passed;
        }
        for (; a < current.Length - 1; a++)
        {
            apart[count] = a;
            count += 1 - touched;
            touched = 0;
        }
        count = StillApart(apart[..count], current, before, -RowStride);
        count = StillApart(apart[..count], current, before, RowStride);
        return apart[..count];
    }

    [MethodImpl(Hot.Method)]
    private static int StillApart(Span<int> apart, ReadOnlySpan<Run> current, ReadOnlySpan<Run> before, long shift)
    {
        int count = 0, b = 0;
        foreach (int at in apart)
        {
            ref readonly Run run = ref current[at];
            while (before[b].End + shift < run.First) b++;
            if (before[b].First + shift > run.End) apart[count++] = at;
        }
        return count;
    }

    /// <summary>Joins runs with those of another list that touch them once that one is shifted; a run without a component gets the first one's.</summary>
    [MethodImpl(Hot.Method)]
    private void Link(Span<Run> runs, ReadOnlySpan<Run> others, long shift)
    {
        int a = 0, b = 0;
        while (Inherit(runs, others, shift, ref a, ref b))
        {
            Join(runs[a].Component, others[b].Component);
            Advance((runs[a].End, runs[a + 1].First), (others[b].End + shift, others[b + 1].First + shift), ref a, ref b);
        }
    }

    /// <summary>Gives runs the component of the first one of another list that touches them, up to a run that has another one already.</summary>
    /// <returns>False at the end of a list.</returns>
    [MethodImpl(Hot.Method)]
    private static bool Inherit(Span<Run> runs, ReadOnlySpan<Run> others, long shift, ref int nextA, ref int nextB)
    {
        int a = nextA, b = nextB;
        while (a < runs.Length - 1 && b < others.Length - 1)
        {
            ref Run run = ref runs[a];
            ref readonly Run other = ref others[b];
            long end = run.End, otherEnd = other.End + shift;
            int touches = (run.First <= otherEnd ? 1 : 0) & (other.First + shift <= end ? 1 : 0);
            // both are None where there is none, which is all bits; a branch on touching alone would be guessed wrong every other time
            int own = run.Component, theirs = other.Component | touches - 1;
            if (own != theirs & (own | theirs) >= 0) break;
            run.Component = own & theirs;
            Advance((end, runs[a + 1].First), (otherEnd, others[b + 1].First + shift), ref a, ref b);
        }
        (nextA, nextB) = (a, b);
        return a < runs.Length - 1 && b < others.Length - 1;
    }

    /// <summary>
    /// Passes over what cannot touch anything further along the other list: nearly always both runs, as slices and rows resemble their neighbours,
    /// else the one that ends first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance((long End, long NextFirst) run, (long End, long NextFirst) other, ref int a, ref int b)
    {
        if (run.NextFirst > other.End & other.NextFirst > run.End)
        {
            a++;
            b++;
            return;
        }
        int endsFirst = run.End < other.End ? 1 : 0;
        a += endsFirst;
        b += 1 - endsFirst;
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
