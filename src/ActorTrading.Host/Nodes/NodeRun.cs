using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace ActorTrading.Host.Nodes;

/// <summary>How a node runs: what stops it, and what is done when it takes nothing more.</summary>
internal sealed record NodeRun
{
    /// <summary>Within a program that stops the node itself.</summary>
    public static NodeRun InProcess { get; } = new()
    {
        AddLifetime = static services => services.AddSingleton<IHostLifetime, CallerDecides>(),
    };

    /// <summary>As the program itself: Ctrl-C and SIGTERM stop it.</summary>
    public static NodeRun Console { get; } = new()
    {
        AddLifetime = static services => services
            .AddSingleton<IHostLifetime, ConsoleLifetime>()
            .Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true),
    };

    /// <summary>As a program that another one started: SIGTERM and the end of its input stop it.</summary>
    public static NodeRun Supervised { get; } = new()
    {
        AddLifetime = static services => services.AddSingleton<IHostLifetime, SupervisedLifetime>(),
    };

    /// <summary>Adds what stops the host.</summary>
    public required Action<IServiceCollection> AddLifetime { get; init; }

    /// <summary>Called when the node takes nothing more, before it drains.</summary>
    public Func<Node, Task> Closed { get; init; } = static _ => Task.CompletedTask;

    private sealed class CallerDecides : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
