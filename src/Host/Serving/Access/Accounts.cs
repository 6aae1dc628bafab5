using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Access;

/// <summary>
/// Who may sign in: one account per role, its password kept as ASP.NET's salted PBKDF2 hash in a file for its owner only. There is no default
/// password: an account has none until <see cref="SetRandom"/> or <see cref="Set"/> gave it one.
/// </summary>
internal sealed class Accounts(string folder)
{
    public const int ShortestPassword = 12;

    // OWASP's count for PBKDF2 with HMAC-SHA512, which is what the hasher uses
    private const int Iterations = 210_000;
    private const int RandomLetters = 24;
    private const string WayOut = "move it away and give the accounts new passwords with `verse-etl password operator`";

    // no letters that look like others
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";

    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    // verified where there is no such account, so that its absence takes as long as a wrong password
    private static readonly string Nobody = Hasher.HashPassword("", RandomNumberGenerator.GetHexString(32));

    private readonly Lock _lock = new();
    private (DateTime Changed, IReadOnlyDictionary<string, string> Hashes)? _read;

    /// <summary>Where the first operator's password is left for whoever installed the program.</summary>
    public string FirstPasswordFile => Path.Join(folder, "operator-password");

    private string HashesFile => Path.Join(folder, "accounts.json");

    /// <summary>The folder for what serve keeps: systemd's, or the user's own for program state; null where there is neither.</summary>
    public static string? DefaultFolder(Func<string, string?> environment)
    {
        if (environment("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } systemd) return systemd;
        if (environment("XDG_STATE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)) return Path.Join(xdg, "verse-etl");
        return environment("HOME") is { Length: > 0 } home && Path.IsPathRooted(home) ? Path.Join(home, ".local", "state", "verse-etl") : null;
    }

    /// <summary>Makes the folder, and on the first start the operator's account.</summary>
    /// <returns>The operator's new password; null if there is an account already.</returns>
    /// <exception cref="AccountsUnusableException">The accounts are there and cannot be read.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public string? Prepare()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Hashes().ContainsKey(Role.Operator)) return null;
        string password = SetRandom(Role.Operator);
        SecretFile.Write(FirstPasswordFile, password + "\n");
        return password;
    }

    public string SetRandom(string role)
    {
        string password = RandomNumberGenerator.GetString(Letters, RandomLetters);
        Set(role, password);
        return password;
    }

    /// <summary>Sessions that were opened with the earlier password end.</summary>
    public void Set(string role, string password)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(new(Hashes().ToDictionary(), StringComparer.Ordinal) { [role] = Hasher.HashPassword(role, password) });
    }

    /// <summary>Nobody signs in as it any more, and whoever is signed in is no longer.</summary>
    /// <returns>It had a password.</returns>
    public bool Close(string role)
    {
        SortedDictionary<string, string> hashes = new(Hashes().ToDictionary(), StringComparer.Ordinal);
        if (!hashes.Remove(role)) return false;
        Write(hashes);
        return true;
    }

    /// <summary>Takes the same time whether or not there is such an account.</summary>
    /// <returns>What <see cref="Stamp"/> gives for the account; null if it may not sign in.</returns>
    /// <exception cref="AccountsUnusableException">The accounts cannot be read.</exception>
    public string? Verify(string role, string password)
    {
        bool known = Hashes().TryGetValue(role, out string? hash);
        bool right = Hasher.VerifyHashedPassword(role, hash ?? Nobody, password) != PasswordVerificationResult.Failed;
        return known && right ? Stamp(role) : null;
    }

    /// <summary>Changes with the password; tells nothing about it. Null if there is no such account.</summary>
    public string? Stamp(string role) =>
        Hashes().TryGetValue(role, out string? hash) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash))[..16]) : null;

    private void Write(SortedDictionary<string, string> hashes)
    {
        SecretFile.Write(HashesFile, JsonSerializer.Serialize(hashes));
        lock (_lock) _read = null;
    }

    private IReadOnlyDictionary<string, string> Hashes()
    {
        lock (_lock)
        {
            DateTime changed = File.GetLastWriteTimeUtc(HashesFile);
            if (_read is { } read && read.Changed == changed) return read.Hashes;
            IReadOnlyDictionary<string, string> hashes = File.Exists(HashesFile) ? Read() : new Dictionary<string, string>();
            _read = (changed, hashes);
            return hashes;
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            Dictionary<string, string>? hashes = JsonSerializer.Deserialize<Dictionary<string, string>>(SecretFile.Read(HashesFile));
            if (hashes is not null && hashes.All(account => Role.All.Contains(account.Key) && IsHash(account.Value))) return hashes;
            throw new AccountsUnusableException($"{HashesFile} is damaged; {WayOut}");
        }
        catch (JsonException damaged)
        {
            throw new AccountsUnusableException($"{HashesFile} is damaged; {WayOut}", damaged);
        }
        catch (Exception error) when (StorageException.Covers(error) && error is not AccountsUnusableException)
        {
            throw new AccountsUnusableException(error.Message, error);
        }
    }

    // as the hasher marks its third format
    private static bool IsHash(string? text)
    {
        byte[] bytes = new byte[256];
        return text is not null && Convert.TryFromBase64String(text, bytes, out int length) && length > 0 && bytes[0] == 1;
    }
}

/// <summary>Who may sign in cannot be told: nobody may.</summary>
internal sealed class AccountsUnusableException(string message, Exception? cause = null) : IOException(message, cause);
