using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Determines the layout of a table with a known separator from its first lines: the columns, the kind, the numbers.</summary>
internal sealed class TableAttempt(List<(int Number, byte[] Text)> lines, byte separator, byte lineEnd, ParserOptions options)
{
    private static readonly ulong PriceFields = FieldSet.Mask(
        Field.Price, Field.Last, Field.Open, Field.OpeningPrice, Field.High, Field.Low, Field.Close, Field.Bid, Field.Ask);

    private static readonly ulong TimeFields = FieldSet.Mask(Field.Time, Field.Date, Field.Clock);

    private readonly List<string> notes = [];
    private List<List<string>> rows = [];
    private string[] names = [];
    private Field[] columns = [];
    private Symbol? symbol;
    private DateOrder dateOrder;
    private int linesBefore;
    private ReadOnlyMemory<byte> headerLine;

    public bool TryRun([NotNullWhen(true)] out TableLayout? layout, out TableFault fault)
    {
        layout = null;
        var problem = options.Columns is { } given ? TakeColumns(given) : TakeHeader();
        if (problem is not null)
        {
            fault = problem;
            return false;
        }

        var kind = KindOf(out var missing);
        if (missing != Field.None)
        {
            fault = new TableFault(lines[0].Number, MissingColumn(missing), true);
            return false;
        }

        if (!TryNumbers(out var numbers, out var ambiguity))
        {
            fault = new TableFault(lines[0].Number, ambiguity, true);
            return false;
        }

        var used = names.Select((name, i) => (Name: name, Field: columns[i])).Where(column => column.Field != Field.None).ToList();
        layout = new TableLayout(separator, columns, kind)
        {
            LinesBefore = linesBefore,
            LineEnd = lineEnd,
            Symbol = symbol,
            DateOrder = dateOrder,
            HeaderLine = headerLine,
            Numbers = numbers,
            ClockHasSeconds = Cells(Field.Clock).Any(cell => cell.Length is 5 or 6 && cell.All(char.IsAsciiDigit)),
            Used = [.. used.Select(column => (column.Name, FieldNames.Canonical(column.Field)))],
            Unused = [.. names.Where((name, i) => columns[i] == Field.None && name.Length > 0)],
            Notes = notes,
        };
        fault = default!;
        return true;
    }

    private TableFault? TakeColumns(string given)
    {
        names = [.. given.Split(',', StringSplitOptions.TrimEntries)];
        columns = [.. names.Select(name => name is "" or "-" or "_" ? Field.None : ColumnNames.Find(name).Field)];
        if (names.Where((name, i) => columns[i] == Field.None && name is not ("" or "-" or "_")).FirstOrDefault() is { } unknown)
            return new TableFault(
                lines[0].Number, $"--columns: '{unknown}' is not a known column; write - for a column to ignore", true);
        if (columns.Where(column => column != Field.None).GroupBy(column => column)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
            return new TableFault(lines[0].Number, $"--columns names {FieldNames.Canonical(twice.Key)} twice", true);
        var first = TableText.Cells(lines[0].Text, separator);
        var isHeader = !first.Any(TableText.IsNumber) && !first.Any(TableText.IsSpelledTime);
        Begin(isHeader ? 1 : 0);
        var cells = rows.Count > 0 ? rows[0].Count : first.Count;
        if (cells != names.Length && !(cells == names.Length + 1 && rows.All(row => row.Count <= names.Length || row[^1].Length == 0)))
            return new TableFault(lines[0].Number, $"has {cells} columns, but --columns names {names.Length}", true);
        return null;
    }

    private TableFault? TakeHeader()
    {
        var first = TableText.Cells(lines[0].Text, separator);
        if (first[0].StartsWith('#')) first[0] = first[0][1..].Trim();
        if (lines.Count == 1 && first.Any(TableText.IsNumber) && first.Count(name => ColumnNames.Find(name).Field != Field.None) >= 2)
            return new TableFault(lines[0].Number, "is empty: one line that looks like a header, and no rows", true) { IsEmpty = true };
        if (first.Count > 1 && first.Any(TableText.IsNumber) || first.Any(TableText.IsSpelledTime)) return TakeRowsWithoutHeader();
        names = [.. first];
        if (IsPriceHeaderOfSeveralLines(first)) return TakeSeveralLines();
        if (first.All(name => ColumnNames.Find(name).Field == Field.None))
            return new TableFault(
                lines[0].Number, $"holds neither JSON nor a table with a header: its first line is '{TableText.Printable(lines[0].Text)}'",
                false);
        headerLine = lines[0].Text;
        Begin(1);
        if (names.Length > 1 && names[^1].Length == 0) names = names[..^1]; // a separator at the end of the header
        if (rows.Count > 0 && rows.Count(row => row.Count == names.Length + 1 && row[^1].Length > 0) * 2 > rows.Count)
        {
            names = ["", .. names]; // names of rows, which have no header
            notes.Add("the first column has no header and is not read");
        }

        MapByName();
        return null;
    }

    /// <summary>
    /// Header of yfinance and pandas-datareader: prices in the first line, the ticker in the second, the name of the index in the
    /// third.
    /// </summary>
    private bool IsPriceHeaderOfSeveralLines(List<string> first) =>
        lines.Count > 2 && Second(1)[0].ToLowerInvariant() is "ticker" or "tickers" or "symbols" or "symbol" or "price" or "attributes"
        && first[0].ToLowerInvariant() is "price" or "attributes" or "ticker" or "tickers" or "symbols" or "symbol" or ""
        && Second(2)[0].ToLowerInvariant() is "date" or "datetime" or "timestamp";

    private List<string> Second(int index) => TableText.Cells(lines[index].Text, separator);

    private TableFault? TakeSeveralLines()
    {
        var (above, below) = (Second(0), Second(1));
        var isPriceFirst = above.Skip(1).Any(name => ColumnNames.Find(name).Field is Field.Open or Field.Close);
        var (prices, tickers) = isPriceFirst ? (above, below) : (below, above);
        var distinct = tickers.Skip(1).Where(name => name.Length > 0).Distinct().ToList();
        if (distinct.Count != 1)
        {
            return new TableFault(lines[0].Number,
                $"has {distinct.Count} symbols side by side ({string.Join(", ", distinct.Take(5))}); write one file per symbol, "
                + "or one table with a symbol column", true);
        }

        if (options.DefaultSymbol is null && !Symbol.TryParse(distinct[0], out symbol))
            return new TableFault(lines[1].Number, $"'{distinct[0]}' is not a symbol; set --symbol", true);
        names = [Second(2)[0], .. prices.Skip(1)];
        notes.Add($"a header of three lines, of {distinct[0]}");
        Begin(3);
        MapByName();
        return null;
    }

    private TableFault? TakeRowsWithoutHeader()
    {
        Begin(0);
        if (HeaderlessTable.TryMap(rows, out var map, out var note))
        {
            columns = map;
            names = [.. map.Select((field, i) => field == Field.None ? $"column {i + 1}" : FieldNames.Canonical(field))];
            notes.Add(note);
            return null;
        }

        return new TableFault(lines[0].Number,
            $"is a table without a header: its first line is '{TableText.Printable(lines[0].Text)}'; name its columns, "
            + "such as --columns time,open,high,low,close,volume", true);
    }

    private void Begin(int headerLines)
    {
        linesBefore = lines[0].Number - 1 + headerLines;
        rows = [.. lines.Skip(headerLines).Where(line => line.Text.AsSpan().Trim(" \t"u8).Length > 0)
            .Select(line => TableText.Cells(line.Text, separator))];
    }

    /// <summary>Assigns each field to the column with the best name; the others are not read.</summary>
    private void MapByName()
    {
        columns = ColumnNames.Map(names);
        if (names.All(IsNoFrame) && !Cells(Field.Frame).All(IsFrame)) Drop(Field.Frame);
        var isBar = Has(Field.High) && Has(Field.Low) && Has(Field.Open);
        if (isBar && !Has(Field.Close) && (Has(Field.Price) || Has(Field.Last)))
        {
            var price = Has(Field.Price) ? Field.Price : Field.Last;
            notes.Add($"'{names[Array.IndexOf(columns, price)]}' is read as the close");
            columns[Array.IndexOf(columns, price)] = Field.Close;
        }

        if (isBar && Has(Field.Close))
        {
            Drop(
                Field.Price, Field.Last, Field.Bid, Field.BidSize, Field.Ask, Field.AskSize, Field.Side, Field.Amount, Field.Trade,
                Field.Condition);
        }
        if (isBar && Has(Field.Volume)) Drop(Field.Size);
        TakeVolumeOfTicks();
        if (names.Any(name => ColumnNames.Key(name) == "closelast")) dateOrder = DateOrder.MonthFirst; // Nasdaq
        // CoinGecko: the volume is of a day, in the currency of the price.
        if (names.Any(name => ColumnNames.Key(name) == "snappedat")) Drop(Field.Volume);
    }

    /// <summary>Whether the column's name is not frame or interval, so that values that are not frames are ignored.</summary>
    private static bool IsNoFrame(string name) => ColumnNames.Key(name) is not ("frame" or "interval");

    private static bool IsFrame(string cell) => cell.Length == 0 || KindNames.TryParseFrame(Encoding.UTF8.GetBytes(cell), out _);

    /// <summary>Ignores a column of zeros beside a tick volume, as written by MetaTrader for currencies.</summary>
    private void TakeVolumeOfTicks()
    {
        var ticks = Array.FindIndex(names, name => ColumnNames.Key(name) is "tickvol" or "tickvolume");
        var volume = Array.IndexOf(columns, Field.Volume);
        if (ticks < 0 || volume < 0 || ticks == volume || rows.Count == 0
            || rows.Any(row => row.Count <= volume || row[volume].Trim('0', '.') != "")) return;
        columns[volume] = Field.None;
        columns[ticks] = Field.Volume;
        notes.Add($"'{names[ticks]}' is the volume, since '{names[volume]}' is zero");
    }

    private RecordKind? KindOf(out Field missing)
    {
        var fields = default(FieldSet);
        foreach (var column in columns)
        {
            if (column != Field.None) fields.Set(column, 0, 1, FieldForm.Text);
        }

        missing = Field.None;
        if (!fields.HasAny(TimeFields))
        {
            missing = Field.Time;
            return null;
        }

        var kind = default(RecordKind);
        var isByRow = fields.Has(Field.Kind) || fields.Has(Field.Service);
        if (!isByRow && !RecordAssembler.TryInferKind(fields, out kind))
        {
            missing = Field.Price;
            return null;
        }

        // With a side, each row determines whether it is a book update or a trade.
        if (!isByRow && fields.Has(Field.Side) && fields.Has(Field.Price) && !fields.Has(Field.Trade)) isByRow = true;
        if (kind != RecordKind.EconomicIndicator && options.DefaultSymbol is null && symbol is null && !fields.Has(Field.Symbol)
            && !fields.Has(Field.Isin)) missing = Field.Symbol;
        else if (kind != 0) missing = RecordAssembler.MissingField(kind, fields);
        return isByRow ? null : kind;
    }

    private string MissingColumn(Field missing)
    {
        var list = string.Join(",", names);
        var error = $"missing column '{(missing == Field.Time ? "timestamp" : FieldNames.Canonical(missing))}'; found: "
            + $"{(list.Length <= 200 ? list : list[..200] + "…")}";
        return error + missing switch
        {
            Field.Symbol => "; set --symbol for the whole file",
            Field.Open when !Has(Field.High) && !Has(Field.Low) =>
                "; a close alone is not a bar: to read it as a trade, name it price in --columns, as in --columns date,price,size",
            _ => "; use --columns if they have other names",
        };
    }

    private bool TryNumbers(out NumberStyle style, [NotNullWhen(false)] out string? ambiguity)
    {
        var (cells, prices) = (new List<byte[]>(), new List<byte[]>());
        for (var i = 0; i < columns.Length; i++)
        {
            if (!FieldNames.IsNumber(columns[i])) continue;
            foreach (var row in rows.Where(row => i < row.Count && row[i].Length > 0))
            {
                cells.Add(Encoding.UTF8.GetBytes(row[i]));
                if ((PriceFields & FieldSet.Mask(columns[i])) != 0) prices.Add(cells[^1]);
            }
        }

        if (options.IsDecimalComma is null && NumberStyle.FindThirtySeconds(prices) is { } price)
        {
            style = default;
            ambiguity = $"'{price}' could be {price.Replace("'", "", StringComparison.Ordinal)}, or points and 32nds: set --decimal . "
                + "for the first; 32nds are not supported, write them as decimals";
            return false;
        }

        if (NumberStyle.TryDetect(cells, options.IsDecimalComma, out style, out ambiguity))
        {
            if (style.IsComma) notes.Add("numbers have a decimal comma");
            ambiguity = null;
            return true;
        }

        ambiguity ??= "";
        return false;
    }

    private IEnumerable<string> Cells(Field field) =>
        Array.IndexOf(columns, field) is >= 0 and var index ? rows.Where(row => index < row.Count).Select(row => row[index]) : [];

    private bool Has(Field field) => Array.IndexOf(columns, field) >= 0;

    private void Drop(params ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
        {
            if (Array.IndexOf(columns, field) is >= 0 and var index) columns[index] = Field.None;
        }
    }
}
