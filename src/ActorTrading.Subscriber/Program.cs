using System.CommandLine;
using System.Security.Authentication;
using ActorTrading.Cluster;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Subscriber;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var seeds = new Option<string[]>("--seed") { Description = "A node of the cluster, HOST:PORT; repeatable.", Required = true };
var topics = new Argument<string[]>("topic")
{
    Description = "signals, signals.SYMBOL, bars.FRAME.SYMBOL, volatility, rejects.", DefaultValueFactory = _ => [Topics.Signals],
};
var from = new Option<long?>("--from")
{
    Description = "With the topic signals: signals after this position of the log, 0 for all. Default: new signals only.",
};
var name = new Option<string>("--name") { Description = "The name of the cluster.", DefaultValueFactory = _ => "trading" };
var patience = new Option<int>("--start-patience")
{
    Description = "Seconds to wait until a node accepts the subscriber.", DefaultValueFactory = _ => 60,
};
var certificate = new Option<string?>("--tls-certificate") { Description = "The certificate of this subscriber and its key, PEM." };
var authority = new Option<string?>("--tls-ca") { Description = "The authorities that issue nodes' certificates, PEM." };
var nodeName = new Option<string?>("--tls-name") { Description = "The name that nodes' certificates must contain." };

// Options of releases in which a subscriber listened on a port. They have no effect.
var host = new Option<string>("--host") { Hidden = true };
var port = new Option<int>("--port") { Hidden = true };
var bind = new Option<string?>("--bind") { Hidden = true };
var unencrypted = new Option<bool>("--allow-unencrypted") { Hidden = true };

var root = new RootCommand("Subscribes to a cluster and prints the messages published there, one JSON object per line. Ends on Ctrl-C.")
{
    topics, seeds, from, name, patience, certificate, authority, nodeName, host, port, bind, unencrypted,
};
root.SetAction(async (given, _) =>
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // start errors are reported below
    try
    {
        builder.Services.AddTradingSubscriber(new SubscriberOptions
        {
            Seeds = given.GetRequiredValue(seeds),
            Name = given.GetRequiredValue(name),
            StartPatience = TimeSpan.FromSeconds(given.GetValue(patience)),
            Tls = given.GetValue(certificate) is { } file
                ? new() { Certificate = file, Authority = given.GetValue(authority) ?? "", Name = given.GetValue(nodeName) }
                : null,
        });
        var app = builder.Build();
        await using var disposal = (IAsyncDisposable)app;
        await app.StartAsync(); // completes when a node serves the subscriber
        var subscriber = app.Services.GetRequiredService<ClusterSubscriber>();
        await Console.Error.WriteLineAsync($"subscribed as {subscriber.Address}");
        await PrintAsync(
            subscriber, given.GetRequiredValue(topics), given.GetValue(from),
            app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await app.StopAsync();
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0; // stopped before a node served it
    }
    catch (Exception exception) when (
        exception is ArgumentException or CertificateException or TimeoutException or AuthenticationException or EngineStoppedException)
    {
        await Console.Error.WriteLineAsync(PlainText.Line(exception.Message));
        return exception is ArgumentException ? 2 : 5;
    }
});
// The host handles Ctrl-C and SIGTERM.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static async Task PrintAsync(ClusterSubscriber subscriber, IEnumerable<string> topics, long? after, CancellationToken stopping)
{
    try
    {
        await Task.WhenAll(topics.Select(topic => topic == Topics.Signals
            ? Lines.PrintAsync(subscriber.SignalsAsync(after, stopping))
            : Lines.PrintAsync(subscriber.MessagesAsync(topic, stopping))));
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
        // The host is stopping.
    }
}
