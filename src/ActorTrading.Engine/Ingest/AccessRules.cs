using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Who may do what, by token or client certificate, from a file that may change at any time: new rules hold at once, a broken file changes
/// nothing and is told of. Described in docs/ingest.md. Safe for any number of threads.
/// </summary>
public sealed class AccessRules : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly string path;
    private readonly Action<string>? onNotice;
    private readonly Lock reloading = new();
    private readonly ITimer timer;
    private byte[] content;
    private string? complaint;
    private volatile AccessTable table;
    private TaskCompletionSource changed = NewChange();

    private AccessRules(string path, byte[] content, AccessTable table, Action<string>? onNotice, TimeProvider time)
    {
        (this.path, this.content, this.table, this.onNotice) = (path, content, table, onNotice);
        timer = time.CreateTimer(_ => Reload(), null, LookEvery, LookEvery);
    }

    /// <summary>What one may do who shows nothing; null: nothing.</summary>
    public Grant? Anonymous => table.Anonymous;

    /// <summary>Hears of every new version of the file, good or broken. Must not throw.</summary>
    public Action<AccessReload>? OnReload { get; set; }

    /// <summary>Completes when other rules hold than when it was asked for.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Reads a file, and looks every 2 seconds whether it has changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="onNotice">Told when new rules hold, and when they cannot be read. Never told a secret.</param>
    /// <param name="time">The clock; by default the system's.</param>
    /// <exception cref="AccessException">The file is not there or holds no rules.</exception>
    public static AccessRules Load(string path, Action<string>? onNotice = null, TimeProvider? time = null)
    {
        try
        {
            var content = PrivateFiles.ReadRules(path);
            return new AccessRules(path, content, AccessTable.Parse(content), onNotice, time ?? TimeProvider.System);
        }
        catch (Exception e) when (IsProblem(e))
        {
            throw new AccessException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// What one may do who shows that token, as UTF-8; null: it is none. Takes the same time whichever it is, or nearly is.
    /// </summary>
    public Grant? Authenticate(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        Grant? found = null;
        foreach (var (expected, grant) in table.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(expected, hash)) found = grant; // and on: where it stood must not show
        }

        return found;
    }

    /// <summary>
    /// What the bearer of a certificate may do, by its subject or one of its names (DNS, URI, e-mail); null: nothing. Whether the
    /// certificate is to be believed is settled before.
    /// </summary>
    public Grant? Authenticate(X509Certificate2 certificate)
    {
        var certificates = table.Certificates;
        if (certificates.TryGetValue("subject:" + certificate.Subject, out var grant)) return grant;
        foreach (var name in CertificateNames.Of(certificate))
        {
            if (certificates.TryGetValue("san:" + name, out grant)) return grant;
        }

        return null;
    }

    /// <summary>Whether a grant was made from the rules that hold now.</summary>
    public bool IsCurrent(Grant grant) => table.Grants.TryGetValue(grant.Key, out var current) && ReferenceEquals(current, grant);

    /// <summary>What the bearer of the same token or certificate may do by the rules that hold now; null: nothing any more.</summary>
    public Grant? Renew(Grant grant) => table.Grants.GetValueOrDefault(grant.Key);

    /// <summary>Looks at once whether the file has changed. Whether new rules hold since.</summary>
    public bool Reload()
    {
        AccessTable before;
        lock (reloading)
        {
            try
            {
                var found = PrivateFiles.ReadRules(path);
                if (found.AsSpan().SequenceEqual(content)) return false;
                content = found; // a broken one is told of once
                (before, table) = (table, AccessTable.Parse(found));
            }
            catch (Exception e) when (IsProblem(e))
            {
                Complain(e.Message);
                return false;
            }

            complaint = null;
        }

        Interlocked.Exchange(ref changed, NewChange()).SetResult();

        onNotice?.Invoke($"{path}: new rules hold");
        OnReload?.Invoke(AccessReload.Between(before, table));
        return true;
    }

    /// <summary>Looks no more. The rules go on to hold.</summary>
    public void Dispose() => timer.Dispose();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Complain(string what)
    {
        if (what == complaint) return;
        complaint = what;
        onNotice?.Invoke($"{path}: the rules of before go on to hold: {what}");
        OnReload?.Invoke(new AccessReload { Problem = what });
    }

    /// <summary>
    /// Whether a file cannot be read or holds no rules. An invalid operation: JSON accepts texts that are no Unicode, and cannot give them.
    /// </summary>
    private static bool IsProblem(Exception e) =>
        e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException;
}
