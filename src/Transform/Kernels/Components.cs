using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// 26-connected components per label, streamed: union-find over the runs of two slices (runs as in Wu, Otoo and Suzuki 2009), so memory
/// follows the runs of a slice and never the volume. Two runs are neighbours if their rows are at most one apart in j and k and their
/// i ranges, widened by one voxel, overlap. After each slice the components that reach it are renumbered and the others are closed.
/// </summary>
public sealed class Components
{
    /// <summary>More runs than this in one slice is noise, not a label map; it also bounds the memory here to some hundred megabytes.</summary>
    public const int MostRunsPerSlice = 4_000_000;

    private struct Run
    {
        public int Label, First, Last, J, Component;
    }

    private const int None = -1;
    private Run[] _current = new Run[1024], _previous = new Run[1024];
    private int _currentCount, _previousCount;
    private int _currentK = None;
    private int[] _parent = new int[1024], _label = new int[1024], _renumbered = new int[1024];
    private long[] _size = new long[1024];
    private int _used;
    private readonly int[] _count = new int[VertebraLabel.Highest + 1];
    private readonly long[] _largest = new long[VertebraLabel.Highest + 1];

    /// <summary>Components of a label, complete after <see cref="Finish"/>.</summary>
    public int Count(int label) => _count[label];

    /// <summary>Voxels of a label's largest component.</summary>
    public long Largest(int label) => _largest[label];

    /// <summary>Adds a run of a known label; runs come in stored order.</summary>
    /// <returns>False if the slice holds more runs than a label map can have.</returns>
    public bool Add(in LabelRun run)
    {
        if (run.K != _currentK)
        {
            CloseSlice(run.K);
            _currentK = run.K;
        }
        if (_currentCount == _current.Length)
        {
            if (_currentCount >= MostRunsPerSlice) return false;
            Array.Resize(ref _current, 2 * _currentCount);
        }
        _current[_currentCount++] = new Run { Label = run.Label, First = run.I, Last = run.I + run.Length - 1, J = run.J, Component = None };
        return true;
    }

    public void Finish() => CloseSlice(nextK: None);

    private void CloseSlice(int nextK)
    {
        LinkSlice();
        Renumber();
        (_current, _previous) = (_previous, _current);
        (_previousCount, _currentCount) = (_currentCount, 0);
        if (nextK == _currentK + 1) return;
        for (int component = 0; component < _used; component++) Close(component);
        _used = _previousCount = 0;
    }

    /// <summary>Joins the runs of the current slice with each other and with the slice before, row by row.</summary>
    private void LinkSlice()
    {
        Reserve(_used + _currentCount);
        int aboveStart = 0, rowBefore = 0;
        for (int start = 0; start < _currentCount;)
        {
            int j = _current[start].J, end = start + 1;
            while (end < _currentCount && _current[end].J == j) end++;
            // rows j - 1, j, j + 1 of the slice before are each their own sorted list
            while (aboveStart < _previousCount && _previous[aboveStart].J < j - 1) aboveStart++;
            for (int from = aboveStart; from < _previousCount && _previous[from].J <= j + 1;)
            {
                int to = from + 1;
                while (to < _previousCount && _previous[to].J == _previous[from].J) to++;
                LinkRows(start, end, _previous, from, to);
                from = to;
            }
            if (start > 0 && _current[rowBefore].J == j - 1) LinkRows(start, end, _current, rowBefore, start);
            for (int at = start; at < end; at++)
            {
                ref Run run = ref _current[at];
                if (run.Component == None) run.Component = NewComponent(run.Label);
                _size[Root(run.Component)] += run.Last - run.First + 1;
            }
            rowBefore = start;
            start = end;
        }
    }

    /// <summary>Walks two sorted rows at once; whichever run ends first cannot touch anything further along the other row.</summary>
    private void LinkRows(int a, int aEnd, Run[] other, int b, int bEnd)
    {
        while (a < aEnd && b < bEnd)
        {
            LinkIfTouching(ref _current[a], other[b]);
            int aLast = _current[a].Last, bLast = other[b].Last;
            if (aLast < bLast) a++;
            else if (bLast < aLast) b++;
            else
            {
                // both end at one voxel: each may still touch the run that directly follows the other
                if (a + 1 < aEnd) LinkIfTouching(ref _current[a + 1], other[b]);
                if (b + 1 < bEnd) LinkIfTouching(ref _current[a], other[b + 1]);
                a++;
                b++;
            }
        }
    }

    private void LinkIfTouching(ref Run run, in Run other)
    {
        if (run.Label != other.Label || run.First > other.Last + 1 || other.First > run.Last + 1 || run.Component == other.Component) return;
        if (run.Component == None) run.Component = other.Component;
        else Join(run.Component, other.Component);
    }

    private void Join(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        if (a == b) return;
        if (b < a) (a, b) = (b, a);
        _parent[b] = a;
        _size[a] += _size[b];
    }

    private int Root(int component)
    {
        while (_parent[component] != component)
        {
            _parent[component] = _parent[_parent[component]];
            component = _parent[component];
        }
        return component;
    }

    private int NewComponent(int label)
    {
        int component = _used++;
        _parent[component] = component;
        _label[component] = label;
        _size[component] = 0;
        return component;
    }

    /// <summary>
    /// Closes components that do not reach the current slice and numbers the others from 0. A root is never larger than its members,
    /// so in ascending order every new number is at most the old one and the arrays can be rewritten in place.
    /// </summary>
    private void Renumber()
    {
        _renumbered.AsSpan(0, _used).Fill(None);
        for (int at = 0; at < _currentCount; at++)
        {
            _current[at].Component = Root(_current[at].Component);
            _renumbered[_current[at].Component] = 0;
        }
        int live = 0;
        for (int component = 0; component < _used; component++)
        {
            if (_parent[component] != component) continue;
            if (_renumbered[component] == None)
            {
                Close(component);
                continue;
            }
            _renumbered[component] = live;
            (_label[live], _size[live]) = (_label[component], _size[component]);
            live++;
        }
        for (int at = 0; at < _currentCount; at++) _current[at].Component = _renumbered[_current[at].Component];
        for (int component = 0; component < live; component++) _parent[component] = component;
        _used = live;
    }

    private void Close(int component)
    {
        int label = _label[component];
        _count[label]++;
        if (_size[component] > _largest[label]) _largest[label] = _size[component];
    }

    private void Reserve(int components)
    {
        if (components <= _parent.Length) return;
        int length = Math.Max(components, 2 * _parent.Length);
        Array.Resize(ref _parent, length);
        Array.Resize(ref _label, length);
        Array.Resize(ref _size, length);
        Array.Resize(ref _renumbered, length);
    }
}
