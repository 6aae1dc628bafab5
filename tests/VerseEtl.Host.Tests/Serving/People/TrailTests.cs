using Serilog.Core;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Tests.Serving.People;

/// <summary>The trail: what was written stays, or it shows.</summary>
public sealed class TrailTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private Trail Made => new(_temp.Path, TimeProvider.System, Logger.None);

    private string File => Path.Join(_temp.Path, Trail.FileName);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Each_deed_is_a_line_that_holds_the_hash_of_the_one_before()
    {
        Written(5);
        TrailCheck check = TrailCheck.Of(File, null);
        Assert.Equal((5, null, 0), (check.Count, check.BrokenAt, check.Unreadable.Count));
        Assert.Equal(["deed 4", "deed 3"], Made.Newest(2).Select(entry => entry.About));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("changed", 3)]
    [InlineData("taken out", 2)]
    [InlineData("put in", 4)]
    [InlineData("exchanged", 2)]
    [InlineData("replaced by nonsense", 3)]
    public void A_line_that_was_tampered_with_shows(string how, long line)
    {
        Written(5);
        List<string> lines = [.. System.IO.File.ReadAllLines(File)];
        switch (how)
        {
            case "changed": lines[1] = lines[1].Replace("deed 1", "deed 7", StringComparison.Ordinal); break;
            case "taken out": lines.RemoveAt(1); break;
            case "put in": lines.Insert(3, lines[1]); break;
            case "exchanged": (lines[1], lines[2]) = (lines[2], lines[1]); break;
            default: lines[1] = "nonsense"; break;
        }
        System.IO.File.WriteAllLines(File, lines);
        Assert.Equal(line, TrailCheck.Of(File, null).BrokenAt);
    }

    [Fact]
    public async Task What_was_cut_off_or_written_anew_shows_by_a_hash_that_was_noted()
    {
        Written(5);
        string noted = TrailCheck.Of(File, null).Newest;
        Written(2);
        (int code, string output, _) = await Commands.CommandLineTests.Invoke($"trail --state {_temp.Path} --holds {noted}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("7 entries; nothing was changed; newest ", output, StringComparison.Ordinal);
        System.IO.File.WriteAllLines(File, System.IO.File.ReadAllLines(File).Take(4));
        (code, output, _) = await Commands.CommandLineTests.Invoke($"trail --state {_temp.Path}");
        Assert.Equal(ExitCode.Done, code);
        (code, output, _) = await Commands.CommandLineTests.Invoke($"trail --state {_temp.Path} --holds {noted}");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains("lines were cut off or written anew", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_line_ends_the_command_with_its_code_and_no_trail_is_told()
    {
        (int code, _, string error) = await Commands.CommandLineTests.Invoke($"trail --state {_temp.Path}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("nothing is written down yet", error, StringComparison.Ordinal);
        Written(3);
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace("deed 0", "deed 9", StringComparison.Ordinal));
        (code, string output, _) = await Commands.CommandLineTests.Invoke($"trail --state {_temp.Path} --json");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains("\"broken_at\": 2", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_a_power_cut_left_without_an_end_breaks_nothing_after_it()
    {
        Written(2);
        System.IO.File.AppendAllText(File, "{\"at\":\"2026-01");
        Written(2);
        TrailCheck check = TrailCheck.Of(File, null);
        Assert.Equal((5, null), (check.Count, check.BrokenAt));
        Assert.Equal([3L], check.Unreadable);
    }

    [Fact]
    public void Several_who_write_at_once_make_one_chain()
    {
        Parallel.For(0, 8, _ => Written(5));
        TrailCheck check = TrailCheck.Of(File, null);
        Assert.Equal((40, null, 0), (check.Count, check.BrokenAt, check.Unreadable.Count));
    }

    [Fact]
    public void Words_of_strangers_stay_one_line()
    {
        Made.Add(Deed.Asked, "operator", null, "a\nb\u2028c" + new string('"', 1000));
        Assert.Single(System.IO.File.ReadAllLines(File));
        Assert.InRange(new FileInfo(File).Length, 100, 4096);
        Assert.Null(TrailCheck.Of(File, null).BrokenAt);
    }

    [Fact]
    public async Task The_command_for_passwords_writes_down_what_it_did()
    {
        await Commands.CommandLineTests.Invoke($"password viewer --state {_temp.Path}");
        (int code, _, _) = await Commands.CommandLineTests.Invoke($"password viewer --close --state {_temp.Path}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Null(new Host.Serving.Access.Accounts(_temp.Path).Stamp("viewer"));
        Assert.Equal([Deed.AccountClosed, Deed.PasswordSet], Made.Newest(9).Select(entry => entry.Did));
    }

    private void Written(int count)
    {
        for (int at = 0; at < count; at++) Made.Add(Deed.Asked, "operator", "127.0.0.1", $"deed {at}");
    }
}
