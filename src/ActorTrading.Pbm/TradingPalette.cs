using ActorTrading.Cluster.Hosting;
using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace ActorTrading.Pbm;

/// <summary>Command palette <c>trading</c>: the commands of <see cref="TradingCommands"/>.</summary>
internal sealed class TradingPalette(TradingCommands commands) : CommandPaletteHandler(Commands)
{
    private const string SymbolArgument = "symbol";

    /// <summary>The definitions of all commands.</summary>
    public static readonly CommandPalette Commands = new(TradingCommands.Name, [.. TradingCommands.All.Select(Define)]);

    /// <inheritdoc/>
    public override Props HandlerProps { get; } = Props.Create(() => new Handler(commands));

    private static CommandDefinition Define((string Name, string Description, bool NeedsSymbol) command)
    {
        var definition = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        if (command.NeedsSymbol)
        {
            definition = definition.WithArgument(argument => argument
                .IsMandatory(true).WithName(SymbolArgument).WithDescription("The symbol.").WithSwitch("-s").WithSwitch("--symbol"));
        }

        return definition.Build();
    }

    /// <summary>Runs commands. The answer is sent when the command has finished; other commands run meanwhile.</summary>
    private sealed class Handler : CommandHandlerActor
    {
        private readonly TradingCommands commands;

        public Handler(TradingCommands commands)
            : base(Commands)
        {
            this.commands = commands;
            foreach (var (name, _, needsSymbol) in TradingCommands.All)
                Process(name, (_, arguments) => Run(name, needsSymbol ? arguments.ArgumentValues(SymbolArgument).FirstOrDefault() : null));
        }

        private void Run(string name, string? symbol) => commands.RunAsync(name, symbol).PipeTo(
            Sender,
            success: static lines => new CommandResponse(string.Join(Environment.NewLine, lines)),
            failure: static exception => new ErroredCommandResponse(exception.Message));
    }
}
