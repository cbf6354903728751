using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace ActorTrading.Host.Nodes;

/// <summary>How a node is run: what stops it, and what runs when it no longer accepts records.</summary>
internal sealed record NodeRun
{
    /// <summary>Inside a program that stops the node itself.</summary>
    public static NodeRun InProcess { get; } = new()
    {
        AddLifetime = static services => services.AddSingleton<IHostLifetime, CallerDecides>(),
    };

    /// <summary>As the main program: Ctrl-C and SIGTERM stop it.</summary>
    public static NodeRun Console { get; } = new()
    {
        AddLifetime = static services => services
            .AddSingleton<IHostLifetime, ConsoleLifetime>()
            .Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true),
    };

    /// <summary>As a child process: SIGTERM and the end of its standard input stop it.</summary>
    public static NodeRun Supervised { get; } = new()
    {
        AddLifetime = static services => services.AddSingleton<IHostLifetime, SupervisedLifetime>(),
    };

    /// <summary>Registers the service that stops the host.</summary>
    public required Action<IServiceCollection> AddLifetime { get; init; }

    /// <summary>Called when the node no longer accepts records, before it drains.</summary>
    public Func<Node, Task> Closed { get; init; } = static _ => Task.CompletedTask;

    private sealed class CallerDecides : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
