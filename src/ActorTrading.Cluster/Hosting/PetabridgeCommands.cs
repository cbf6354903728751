#if PETABRIDGE_CMD
using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// The operator's console of Petabridge: its own palettes for cluster, sharding and remoting, and ours. Where it listens says <c>petabridge.cmd</c> in HOCON. This file is
/// all that knows of it, and is compiled where its packages can be had.
/// </summary>
internal static class PetabridgeCommands
{
    /// <summary>Listens from now on, until the actor system ends.</summary>
    public static void Start(ActorSystem system, TradingCommands commands)
    {
        var console = PetabridgeCmd.Get(system);
        console.RegisterCommandPalette(ClusterCommands.Instance);
        console.RegisterCommandPalette(ClusterShardingCommands.Instance);
        console.RegisterCommandPalette(new RemoteCommands());
        console.RegisterCommandPalette(new TradingPalette(commands));
        console.Start();
    }

    private static CommandDefinition Define((string Name, string Description, bool NeedsSymbol) command)
    {
        var definition = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        if (command.NeedsSymbol) definition = definition.WithArgument(argument => argument.IsMandatory(true).WithName("symbol").WithDescription("Which symbol.").WithSwitch("-s").WithSwitch("--symbol"));
        return definition.Build();
    }

    private sealed class TradingPalette : CommandPaletteHandler
    {
        public static readonly CommandPalette Commands = new(TradingCommands.Name, TradingCommands.All.Select(Define).ToArray());

        public TradingPalette(TradingCommands commands)
            : base(Commands) => HandlerProps = Props.Create(() => new Handler(commands));

        public override Props HandlerProps { get; }
    }

    private sealed class Handler : CommandHandlerActor
    {
        public Handler(TradingCommands commands)
            : base(TradingPalette.Commands)
        {
            foreach (var (name, _, needsSymbol) in TradingCommands.All)
            {
                Process(name, (_, arguments) =>
                {
                    AnswerAsync(commands, name, needsSymbol ? arguments.ArgumentValues("symbol").FirstOrDefault() : null).PipeTo(Sender);
                });
            }
        }

        private static async Task<CommandResponse> AnswerAsync(TradingCommands commands, string name, string? symbol)
        {
            try
            {
                return new CommandResponse(string.Join(Environment.NewLine, await commands.RunAsync(name, symbol).ConfigureAwait(false)));
            }
            catch (Exception exception)
            {
                return new ErroredCommandResponse(exception.Message);
            }
        }
    }
}
#endif
