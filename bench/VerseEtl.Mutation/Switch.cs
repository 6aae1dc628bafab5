namespace VerseEtl.Mutation;

/// <summary>
/// What each changed place of the mutated assembly asks whether it is on, in place of Stryker's own class: that searches a list at each
/// question while it records which places are reached.
/// </summary>
public static class Switch
{
    private static readonly bool[] Asked = new bool[1 << 16];
    private static long _left = long.MaxValue;

    /// <summary>The mutant that is on; -1 is none.</summary>
    public static int Active { get; set; } = -1;

    /// <summary>
    /// Questions that are still answered; after them each throws. A loop that a mutant made endless asks on and on, so it ends after the
    /// same work on any machine, however busy.
    /// </summary>
    public static long QuestionsLeft { get => _left; set => _left = value; }

    public static bool IsActive(int id)
    {
        Asked[id] = true;
        if (--_left < 0) Refuse();
        return id == Active;
    }

    /// <summary>Mutants whose places were reached since the last time this was asked.</summary>
    public static IReadOnlyList<int> TakeReached()
    {
        List<int> reached = [];
        for (int id = 0; id < Asked.Length; id++)
        {
            if (Asked[id]) reached.Add(id);
            Asked[id] = false;
        }

        return reached;
    }

    private static void Refuse() => throw new InvalidOperationException("The mutant does not end");
}
