using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest.Tls;

namespace ActorTrading.Engine.Ingest.Access;

/// <summary>
/// Access rules by token or client certificate, read from a file that may change at any time. New rules are in force at once. A broken file
/// changes nothing and is reported. Described in docs/ingest.md. Thread-safe.
/// </summary>
public sealed class AccessRules : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

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
        timer = time.CreateTimer(_ => Reload(), null, PollInterval, PollInterval);
    }

    /// <summary>The grant of unauthenticated callers; null if they have no rights.</summary>
    public Grant? Anonymous => table.Anonymous;

    /// <summary>Called for every new version of the file, valid or broken. Must not throw.</summary>
    public Action<AccessReload>? OnReload { get; set; }

    /// <summary>Completes when the rules in force have changed since this property was read.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Loads a file and checks it for changes every 2 seconds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="onNotice">
    /// Called with a message when new rules are in force, and when they cannot be read. The message contains no secret.
    /// </param>
    /// <param name="time">The clock; by default the system clock.</param>
    /// <exception cref="AccessException">The file does not exist or contains no rules.</exception>
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
    /// The grant of a token (UTF-8); null if the token is unknown. Takes constant time: the time does not depend on how much of the token
    /// matches.
    /// </summary>
    public Grant? Authenticate(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        Grant? found = null;
        foreach (var (expected, grant) in table.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(expected, hash)) found = grant; // no early exit: timing must not leak
        }

        return found;
    }

    /// <summary>
    /// The grant of a client certificate, found by its subject or one of its names (DNS, URI, e-mail); null if no rule matches. The caller
    /// must have validated the certificate.
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

    /// <summary>Whether the grant belongs to the rules in force.</summary>
    public bool IsCurrent(Grant grant) => table.Grants.TryGetValue(grant.Key, out var current) && ReferenceEquals(current, grant);

    /// <summary>The grant that the rules in force give to the same token or certificate; null if it has none any more.</summary>
    public Grant? Renew(Grant grant) => table.Grants.GetValueOrDefault(grant.Key);

    /// <summary>Checks the file for changes now. Returns whether new rules came into force.</summary>
    public bool Reload()
    {
        AccessTable before;
        lock (reloading)
        {
            try
            {
                var found = PrivateFiles.ReadRules(path);
                if (found.AsSpan().SequenceEqual(content)) return false;
                content = found; // a broken file is reported once
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

        onNotice?.Invoke($"{path}: new rules are in force");
        OnReload?.Invoke(AccessReload.Between(before, table));
        return true;
    }

    /// <summary>Stops checking the file. The rules stay in force.</summary>
    public void Dispose() => timer.Dispose();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Complain(string what)
    {
        if (what == complaint) return;
        complaint = what;
        onNotice?.Invoke($"{path}: the previous rules stay in force: {what}");
        OnReload?.Invoke(new AccessReload { Problem = what });
    }

    /// <summary>
    /// Whether the exception means that the file cannot be read or contains no rules. <c>InvalidOperationException</c> is included: JSON
    /// accepts texts that are not valid Unicode, and cannot return them.
    /// </summary>
    private static bool IsProblem(Exception e) =>
        e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException;
}
