using System.Net;
using System.Net.Sockets;
using ActorTrading.Engine.Journal.Postgres;
using Npgsql;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// A relay port between the nodes and PostgreSQL. While it is shut, connections break and new ones are refused, as with a stopped server.
/// </summary>
internal sealed class PostgresGate : IJournalGate
{
    private readonly NpgsqlConnectionStringBuilder server;
    private readonly Relay relay;

    public PostgresGate(string address)
    {
        server = PostgresAddress.Parse(address);
        relay = new Relay(ServeAsync);
        relay.Open();
        Postgres = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = relay.Port }.ConnectionString;
    }

    public string Postgres { get; }

    public string Fault => "journal";

    public Task ShutAsync(CancellationToken cancellation)
    {
        relay.Close();
        return Task.CompletedTask;
    }

    public Task OpenAsync()
    {
        relay.Open();
        return Task.CompletedTask;
    }

    public void Dispose() => relay.Dispose();

    private Task ServeAsync(Socket client, CancellationToken cancellation) =>
        Relay.CarryAsync(
            client, new DnsEndPoint(server.Host!, server.Port), ReadOnlyMemory<byte>.Empty, () => Task.CompletedTask, cancellation);
}
