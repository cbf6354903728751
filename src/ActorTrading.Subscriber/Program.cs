using System.CommandLine;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Engine.Ingest;
using ActorTrading.Subscriber;

var seeds = new Option<string[]>("--seed") { Description = "A node of the cluster, HOST:PORT; several times.", Required = true };
var topics = new Argument<string[]>("topic") { Description = "signals, signals.SYMBOL, bars.FRAME.SYMBOL, volatility, rejects.", DefaultValueFactory = _ => [Topics.Signals] };
var from = new Option<long?>("--from") { Description = "With the topic signals: those behind that position of the log, 0 for all. Default: from now on." };
var name = new Option<string>("--name") { Description = "The name of the cluster.", DefaultValueFactory = _ => "trading" };
var host = new Option<string>("--host") { Description = "The address at which nodes reach this process.", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port") { Description = "Its port; 0 for any that is free." };
var certificate = new Option<string?>("--tls-certificate") { Description = "The certificate and its key to show to nodes, PEM." };
var authority = new Option<string?>("--tls-ca") { Description = "The authorities of nodes' certificates, PEM." };
var nodeName = new Option<string?>("--tls-name") { Description = "The name that nodes' certificates must have." };

var root = new RootCommand("Joins a cluster to look on, and prints what is published there, one JSON object a line. Ends on Ctrl-C, and leaves the cluster.")
{
    topics, seeds, from, name, host, port, certificate, authority, nodeName,
};
root.SetAction(async (given, cancellation) =>
{
    var options = new SubscriberOptions
    {
        Seeds = given.GetRequiredValue(seeds),
        Name = given.GetRequiredValue(name),
        Host = given.GetRequiredValue(host),
        Port = given.GetValue(port),
        Tls = given.GetValue(certificate) is { } file ? new() { Certificate = file, Authority = given.GetValue(authority) ?? "", Name = given.GetValue(nodeName) } : null,
    };
    try
    {
        await using var subscriber = await ClusterSubscriber.JoinAsync(options, cancellation);
        await Console.Error.WriteLineAsync($"in the cluster as {subscriber.Address}");
        await Task.WhenAll(given.GetRequiredValue(topics).Select(topic => topic == Topics.Signals
            ? Lines.PrintAsync(subscriber.SignalsAsync(given.GetValue(from), cancellation))
            : Lines.PrintAsync(subscriber.MessagesAsync(topic, cancellation))));
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    catch (Exception exception) when (exception is ArgumentException or CertificateException or TimeoutException or ActorTrading.Engine.EngineStoppedException)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return exception is ArgumentException ? 2 : 5;
    }
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
