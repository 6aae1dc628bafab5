using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

public sealed class AccountsTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Folder => Path.Join(_temp.Path, "state");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Nobody_has_a_password_until_one_is_made_and_no_two_starts_make_the_same()
    {
        Accounts accounts = new(Folder);
        Assert.Null(accounts.Verify(Role.Operator, ""));
        string password = accounts.Prepare()!;
        Assert.Null(accounts.Prepare());
        Assert.Equal(password, File.ReadAllText(accounts.FirstPasswordFile).Trim());
        Assert.NotNull(accounts.Verify(Role.Operator, password));
        Assert.Null(accounts.Verify(Role.Viewer, password));
        Assert.DoesNotContain(password, File.ReadAllText(Path.Join(Folder, "accounts.json")), StringComparison.Ordinal);
        Assert.NotEqual(password, new Accounts(_temp.Folder("other")).Prepare());
        Assert.Matches("^[a-z2-9]{24}$", password);
    }

    [Fact]
    public void Only_the_owner_can_read_what_is_kept_and_a_file_that_others_can_read_is_refused()
    {
        Accounts accounts = new(Folder);
        accounts.Prepare();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        foreach (string file in Directory.GetFiles(Folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
        File.SetUnixFileMode(Path.Join(Folder, "accounts.json"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Throws<AccountsUnusableException>(() => new Accounts(Folder).Verify(Role.Operator, ""));
    }

    [Fact]
    public void Another_process_that_changes_a_password_is_noticed()
    {
        Accounts serving = new(Folder);
        string old = serving.Prepare()!;
        string? stamp = serving.Verify(Role.Operator, old);
        File.SetLastWriteTimeUtc(Path.Join(Folder, "accounts.json"), DateTime.UtcNow.AddMinutes(-1));
        Assert.NotNull(serving.Verify(Role.Operator, old));
        string now = new Accounts(Folder).SetRandom(Role.Operator);
        Assert.Null(serving.Verify(Role.Operator, old));
        Assert.NotEqual(stamp, serving.Verify(Role.Operator, now));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"operator\": null}")]
    [InlineData("{\"operator\": 7}")]
    [InlineData("{\"operator\": \"no hash\"}")]
    [InlineData("{\"admin\": \"AQAAAA==\"}")]
    public void Damaged_accounts_let_nobody_in_and_say_how_they_are_made_anew(string text)
    {
        Accounts accounts = new(Folder);
        accounts.Prepare();
        File.WriteAllText(Path.Join(Folder, "accounts.json"), text);
        foreach (string role in Role.All)
            Assert.Contains("verse-etl password", Assert.Throws<AccountsUnusableException>(() => new Accounts(Folder).Verify(role, "")).Message,
                StringComparison.Ordinal);
        Assert.Throws<AccountsUnusableException>(() => new Accounts(Folder).Prepare());
    }

    [Fact]
    public async Task The_command_sets_a_random_password_and_knows_the_two_accounts()
    {
        (int code, string output, _) = await Commands.CommandLineTests.Invoke($"password viewer --state {Folder}");
        Assert.Equal(ExitCode.Done, code);
        Assert.NotNull(new Accounts(Folder).Verify(Role.Viewer, output.Trim()));
        (code, _, string error) = await Commands.CommandLineTests.Invoke($"password root --state {Folder}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("the account must be viewer or operator", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/lib/verse-etl:/other", null, "/var/lib/verse-etl")]
    [InlineData(null, "/x/state", "/x/state/verse-etl")]
    [InlineData(null, "relative", "/home/me/.local/state/verse-etl")]
    [InlineData(null, null, "/home/me/.local/state/verse-etl")]
    [InlineData(null, null, null, "")]
    [InlineData(null, null, null, "relative")]
    public void The_folder_is_the_services_or_the_users(string? systemd, string? xdg, string? expected, string home = "/home/me") =>
        Assert.Equal(expected, Accounts.DefaultFolder(name =>
            name switch { "STATE_DIRECTORY" => systemd, "XDG_STATE_HOME" => xdg, "HOME" => home, _ => null }));
}
