using System.CommandLine;
using System.Security.Authentication;
using ActorTrading.Cluster;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Subscriber;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var seeds = new Option<string[]>("--seed") { Description = "A node of the cluster, HOST:PORT; several times.", Required = true };
var topics = new Argument<string[]>("topic") { Description = "signals, signals.SYMBOL, bars.FRAME.SYMBOL, volatility, rejects.", DefaultValueFactory = _ => [Topics.Signals] };
var from = new Option<long?>("--from") { Description = "With the topic signals: those behind that position of the log, 0 for all. Default: from now on." };
var name = new Option<string>("--name") { Description = "The name of the cluster.", DefaultValueFactory = _ => "trading" };
var host = new Option<string>("--host") { Description = "The address at which nodes reach this process.", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port") { Description = "Its port; 0 for any that is free." };
var bind = new Option<string?>("--bind") { Description = "The IP address that its port listens on, where that is not the one of --host." };
var unencrypted = new Option<bool>("--allow-unencrypted") { Description = "Let its port listen beyond loopback without encryption: whoever reaches it can be a node." };
var patience = new Option<int>("--start-patience") { Description = "Seconds to wait for the cluster to let it in.", DefaultValueFactory = _ => 60 };
var certificate = new Option<string?>("--tls-certificate") { Description = "The certificate and its key to show to nodes, PEM." };
var authority = new Option<string?>("--tls-ca") { Description = "The authorities of nodes' certificates, PEM." };
var nodeName = new Option<string?>("--tls-name") { Description = "The name that nodes' certificates must have." };

var root = new RootCommand("Joins a cluster to look on, and prints what is published there, one JSON object a line. Ends on Ctrl-C, and leaves the cluster.")
{
    topics, seeds, from, name, host, bind, port, unencrypted, patience, certificate, authority, nodeName,
};
root.SetAction(async (given, _) =>
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what keeps the host from starting is reported below
    try
    {
        builder.Services.AddTradingSubscriber(new SubscriberOptions
        {
            Seeds = given.GetRequiredValue(seeds),
            Name = given.GetRequiredValue(name),
            Host = given.GetRequiredValue(host),
            Bind = given.GetValue(bind),
            Port = given.GetValue(port),
            AllowUnencrypted = given.GetValue(unencrypted),
            StartPatience = TimeSpan.FromSeconds(given.GetValue(patience)),
            Tls = given.GetValue(certificate) is { } file ? new() { Certificate = file, Authority = given.GetValue(authority) ?? "", Name = given.GetValue(nodeName) } : null,
        });
        var app = builder.Build();
        await using var disposal = (IAsyncDisposable)app;
        await app.StartAsync(); // it is in the cluster
        var subscriber = app.Services.GetRequiredService<ClusterSubscriber>();
        await Console.Error.WriteLineAsync($"in the cluster as {subscriber.Address}");
        await PrintAsync(subscriber, given.GetRequiredValue(topics), given.GetValue(from), app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await app.StopAsync(); // it leaves
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0; // stopped before it was in the cluster
    }
    catch (Exception exception) when (ClusterEngine.SocketFault(exception) is { } fault)
    {
        await Console.Error.WriteLineAsync(PlainText.Line($"port {given.GetValue(port)}: {fault.Message}"));
        return 4;
    }
    catch (Exception exception) when (
        exception is ArgumentException or CertificateException or TimeoutException or AuthenticationException or EngineStoppedException)
    {
        await Console.Error.WriteLineAsync(PlainText.Line(exception.Message));
        return exception is ArgumentException ? 2 : 5;
    }
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }); // Ctrl-C and SIGTERM are the host's

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
        // Told to stop.
    }
}
