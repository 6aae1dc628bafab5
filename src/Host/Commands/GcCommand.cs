using System.CommandLine;
using System.Globalization;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`gc`: what takes room in a warehouse, and what of it nothing needs.</summary>
internal static class GcCommand
{
    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Option<bool> yes = new("--yes") { Description = "Free what nothing needs; without it that is only told" };
        Command command = new("gc", "Tell what takes room; with --yes free what nothing needs") { choice.Pipeline, choice.Folder, yes };
        return choice.CommandOfEach(setup.Acting(command), context => Collect(context, context.Command.Value(yes)), new EachOptions());
    }

    private static async Task<Told> Collect(WarehouseContext context, bool free)
    {
        WarehouseOptions options = new()
        {
            KeepNewest = context.Destination.KeepSnapshots, KeepYoungerThan = TimeSpan.FromDays(context.Destination.KeepDays), Time = context.Command.Time,
        };
        Warehouse warehouse = free ? Warehouse.Open(context.Destination.Path, options) : context.Warehouse.Kept(options);
        string? source = context.Pipeline.Source.Path is { Length: > 0 } path ? path : null;
        IReadOnlyList<RoomTaken> room = free ? await warehouse.FreeRoom(source, context.Token) : await warehouse.Room(source, context.Token);
        string word = free ? "freed" : "not needed";
        long bytes = room.Sum(kind => kind.FreeBytes);
        string end = bytes == 0 && room.All(kind => kind.Free.Count == 0) ? "nothing that nothing needs"
            : free ? $"{Size(bytes)} freed" : $"{Size(bytes)} are not needed: `gc --yes` frees them";
        object answer = new
        {
            Warehouse = warehouse.Root, Freed = free,
            Room = room.Select(kind => new { kind.Kind, kind.Files, kind.Bytes, Free = kind.Free.Count, kind.FreeBytes, kind.Kept }),
        };
        return new Told(answer, [.. room.Select(kind => Line(kind, word)), end]);
    }

    private static string Line(RoomTaken kind, string word)
    {
        string free = kind.Free.Count == 0 ? "" : Invariant($", {kind.Free.Count} {word} ({Size(kind.FreeBytes)})");
        string kept = kind.Kept is null ? "" : $"; {kind.Kept}";
        return Invariant($"{kind.Kind,-10} {Size(kind.Bytes),9} in {kind.Files} files{free}{kept}");
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => (bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " kB",
        < 1_000_000_000 => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
    };
}
