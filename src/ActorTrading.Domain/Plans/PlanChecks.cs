using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Plans;

/// <summary>Checks the parts of a plan against each other; <see cref="PlanReader"/> has checked each alone.</summary>
internal sealed class PlanChecks(PlanJson json, List<PlanError> errors)
{
    /// <summary>
    /// Checks indicators and rules against the frames of the plan (or of the symbol). If a symbol inherits both frames and list, they were
    /// checked with the plan.
    /// </summary>
    public void Check(PlanDraft own, PlanDraft whole)
    {
        if (own.Indicators is { } indicators) RefuseRepeatedIndicators(indicators);
        if (own.Rules is { } named) json.RefuseRepeated(named, listed => listed.Value.Name, "name");
        if (!whole.FramesAreGood) return;

        var frames = whole.Frames ?? PlanReader.DefaultFrames;
        var defaultFrame = PlanSettings.DefaultFrameOf(frames);
        var isPlan = own == whole;
        foreach (var listed in whole.Indicators ?? [])
        {
            if (listed.Value.Frame is { } frame) CheckFrame(listed.Path, listed.Text, frame, isInherited: own.Indicators is null);
        }

        foreach (var listed in whole.Rules ?? [])
        {
            foreach (var frame in listed.Value.Rule.Frames(defaultFrame))
            {
                CheckFrame(listed.Path, listed.Text, frame, isInherited: own.Rules is null);
            }
        }

        if (own.Rules is not null || own.Frames is not null)
        {
            RefuseRepeatedRules(
                whole.Rules ?? [], defaultFrame, inheritedPath: isPlan || own.Rules is not null ? null : own.Path + ".frames");
        }

        void CheckFrame(string path, string text, Frame frame, bool isInherited)
        {
            if (frame == Frame.Tick || frames.Contains(frame)) return;
            if (isInherited && !isPlan)
            {
                if (own.Frames is null) return;
                json.Fail(
                    own.Path + ".frames",
                    $"{frame.Name()} is missing, but {path} ('{text}') needs it; add it, or give the symbol its own list");
                return;
            }

            errors.Add(new PlanError(
                path, $"{frame.Name()} is not among the frames {PlanJson.Join(frames.Select(f => f.Name()))}; "
                    + "add it to 'frames' or name one of them (tick needs no entry)",
                text, ColumnOf(text, frame.Name())));
        }
    }

    private void RefuseRepeatedIndicators(List<Listed<IndicatorSpec>> indicators)
    {
        var outputs = indicators.SelectMany(
            listed => listed.Value.EachOutput().Select(output => (Name: output.ToString(), Listed: listed)));
        foreach (var twice in outputs.GroupBy(x => x.Name).Where(group => group.Count() > 1).DistinctBy(group => group.Last().Listed))
        {
            json.Fail(twice.Last().Listed.Path, $"'{twice.Key}' already exists as {twice.First().Listed.Path}; remove one");
        }
    }

    private void RefuseRepeatedRules(List<Listed<NamedRule>> rules, Frame defaultFrame, string? inheritedPath)
    {
        // Ids are computed with the default frame resolved. Two rules with one id would give their signals the same ids.
        foreach (var twice in rules.GroupBy(listed => listed.Value.Rule.Id(defaultFrame)).Where(group => group.Count() > 1))
        {
            json.Fail(inheritedPath ?? twice.Last().Path, $"this rule already exists as {twice.First().Path}; remove one");
        }
    }

    /// <summary>Column of a whole word in a text; 0 if the word is not in the text (a default).</summary>
    private static int ColumnOf(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return at;
        }

        return 0;
    }
}
