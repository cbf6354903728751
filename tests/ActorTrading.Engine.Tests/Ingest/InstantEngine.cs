using System.Reflection;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>An engine that is done with a batch at once and does nothing with it, for tests of what stands before it.</summary>
public class InstantEngine : DispatchProxy
{
    private static readonly Task<IngestResult> Done = Task.FromResult(new IngestResult(0, 0, 0, []));

    public static IEngine New() => Create<IEngine, InstantEngine>();

    protected override object? Invoke(MethodInfo? method, object?[]? arguments) => method!.Name switch
    {
        nameof(IEngine.SubmitAsync) => new ValueTask<Admitted<IngestResult>>(new Admitted<IngestResult>(Done)),
        "get_Plan" => Plan.Default,
        nameof(IEngine.SubscriptionsAsync) => Task.FromResult(Subscriptions.Everything),
        nameof(IEngine.SymbolNamesAsync) => Task.FromResult<IReadOnlyCollection<Symbol>>([]),
        nameof(IEngine.LedgerAsync) => Task.FromResult<IReadOnlyList<LedgerLine>>([]),
        nameof(IAsyncDisposable.DisposeAsync) => ValueTask.CompletedTask,
        _ => throw new NotSupportedException(method.Name),
    };
}
