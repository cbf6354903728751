using System.Collections.Concurrent;
using System.Reflection;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Tests;

/// <summary>An engine that only records the times of its clock.</summary>
public class ToldEngine : DispatchProxy
{
    private readonly ConcurrentQueue<Timestamp> told = new();
    private Plan plan = Plan.Default;
    private bool fails;

    public static IEngine New(string[] frames, string more = "", bool fails = false)
    {
        var engine = Create<IEngine, ToldEngine>();
        var list = string.Join(',', frames.Select(frame => $"\"{frame}\""));
        ((ToldEngine)(object)engine).plan = Plan.Parse($$"""{"frames":[{{list}}]{{more}}}""");
        ((ToldEngine)(object)engine).fails = fails;
        return engine;
    }

    public static IReadOnlyList<Timestamp> Of(IEngine engine) => [.. ((ToldEngine)(object)engine).told];

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        if (method!.Name == "get_Plan") return plan;
        if (method.Name != nameof(IEngine.AdvanceClockAsync)) throw new NotSupportedException(method.Name);
        if (fails) return Task.FromException(new EngineStoppedException("stopped"));
        told.Enqueue((Timestamp)arguments![0]!);
        return Task.CompletedTask;
    }
}
