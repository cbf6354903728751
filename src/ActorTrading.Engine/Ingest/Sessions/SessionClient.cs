using System.Security.Cryptography.X509Certificates;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Admission;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>The client of a session: who it is, and what it may send. Not thread-safe.</summary>
internal sealed class SessionClient(IngestOptions options)
{
    private readonly HashSet<Source> others = []; // sources other than that of the hello
    private IngestHello hello;
    private Source lastSource = Source.Anonymous;
    private Grant? grant;
    private Grant? certified; // of its certificate
    private string? strangerSubject; // of a trusted certificate that has no rule
    private Source? claimed; // the source of a refused hello
    private bool isTokenUnknown;

    /// <summary>
    /// Called before the client becomes known. Returns null if it may stay, otherwise the error. The source is null without a hello.
    /// </summary>
    public Func<Source?, long, IngestError?>? Admit { get; set; }

    /// <summary>The hello, without its token; the default before a hello, or without one.</summary>
    public ref readonly IngestHello Hello => ref hello;

    /// <summary>The source of the hello; null before a hello, or without one.</summary>
    public Source? Source { get; private set; }

    /// <summary>The source of a hello, even if the hello was refused.</summary>
    public Source? Claimed => Source ?? claimed;

    /// <summary>The rights of the client; null: all rights.</summary>
    public Grant? Grant
    {
        get => grant;
        private set => (grant, BatchRecords) = (value, RecordQuotas.BatchRecords(value, options.MaxBatchRecords));
    }

    /// <summary>Maximum number of records of a batch.</summary>
    public int BatchRecords { get; private set; } = options.MaxBatchRecords;

    /// <summary>The client's name for the audit log.</summary>
    public string Caller => Grant?.Name ?? (isTokenUnknown ? AuditRecord.Unknown : strangerSubject ?? AuditRecord.Anonymous);

    /// <summary>Whether the client has sent a hello or a record.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The client has shown a trusted certificate.</summary>
    public void Certify(X509Certificate2 shown)
    {
        if (options.Access is not { } access) return;
        certified = access.Authenticate(shown);
        if (certified is null) strangerSubject = shown.Subject;
    }

    /// <summary>The client sends records without a hello. Returns the error if it must not.</summary>
    public IngestError? BeginUnnamed()
    {
        if (options.Access is not { } access) return null;
        Grant = certified ?? access.Anonymous;
        return Grant is null ? new IngestError(IngestError.HelloRequired, "send a hello first, with a source and its token") : null;
    }

    /// <summary>The client says hello. Returns the error if the hello is refused.</summary>
    public IngestError? Greet(ReadOnlySpan<byte> line)
    {
        if (!IngestHello.TryParse(line, out hello, out var problem)) return new IngestError(IngestError.BadHello, problem);
        if (options.Access is { } access)
        {
            Grant = hello.Token.Length > 0 ? access.Authenticate(hello.Token) : certified ?? access.Anonymous;
            if (Grant?.MaySend(hello.Source) != true)
            {
                (claimed, isTokenUnknown) = (hello.Source, Grant is null && hello.Token.Length > 0);
                return new IngestError(IngestError.NotAllowed, $"this token may not send as {hello.Source}");
            }
        }

        hello = hello with { Token = [] }; // do not keep a secret
        if (BecomeKnown(hello.Source, hello.Epoch) is { } refusal) return refusal;
        Source = hello.Source;
        return null;
    }

    /// <summary>The client has sent a hello or a record. Returns the error if it may not stay.</summary>
    public IngestError? BecomeKnown(Source? source, long epoch)
    {
        if (Admit?.Invoke(source, epoch) is { } refusal) return refusal;
        IsKnown = true;
        return null;
    }

    /// <summary>Checks whether the rules have changed. Returns the error if this client may no longer send.</summary>
    public IngestError? RenewGrant()
    {
        if (Grant is null || options.Access is not { } access || access.IsCurrent(Grant)) return null;
        if (access.Renew(Grant) is not { } renewed || !renewed.MaySend(Source ?? Source.Anonymous))
            return new IngestError(IngestError.NotAllowed, "the rules have changed and no longer let this client send");
        Grant = renewed;
        return null;
    }

    /// <summary>Whether it may send for that source: a known one, or a new one within the limit.</summary>
    public bool MaySpeakFor(Source source)
    {
        if (ReferenceEquals(source, lastSource)) return true;
        if (!ReferenceEquals(source, Source.Anonymous) && !source.Equals(Source))
        {
            if (!others.Contains(source) && (others.Count >= options.MaxSources || !others.Add(source))) return false;
        }

        lastSource = source;
        return true;
    }

    /// <summary>Whether an identity is of the source and epoch of the hello.</summary>
    public bool IsOwn(in Identity id) => Source is not null && id.Epoch == hello.Epoch && id.Source.Equals(hello.Source);
}
