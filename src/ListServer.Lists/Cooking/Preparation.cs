using System.Collections.Immutable;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Cooking;

/// <summary>One post's way through the kitchen (order of operations, steps 8 to 10).</summary>
internal sealed class Preparation
{
    // Order is meaning: what comes later stands further up in the header.
    private static readonly ImmutableArray<Step> BeforeFooter =
    [
        new("strip", IsDecoration: false, StripStep.Apply),
        new("content-filter", IsDecoration: false, FilterStep.Apply),
        new("fold", IsDecoration: false, FoldStep.Apply),
        new("seven-bit", IsDecoration: false, SevenBitStep.Apply),
        new("anonymous", IsDecoration: false, AnonymousStep.Apply),
    ];

    private static readonly ImmutableArray<Step> FromFooter =
    [
        new("footer", IsDecoration: true, FooterStep.Apply),
        new("subject", IsDecoration: true, SubjectStep.Apply),
        new("reply-to", IsDecoration: true, ReplyToStep.Apply),
        new("trace", IsDecoration: false, TraceStep.Apply),
        new("list-fields", IsDecoration: false, ListFieldsStep.Apply),
    ];

    private readonly Recipe _recipe;
    private readonly Draft _raw;
    private readonly bool _isDecorated;
    private readonly AuthorStanding? _standing;
    private readonly AuthorSignatures _signatures;

    public Preparation(Recipe recipe, RawMessage raw)
    {
        _recipe = recipe;
        _isDecorated = !recipe.List.IsTransparent;
        var wired = WireForm.Of(raw);
        _raw = ReferenceEquals(wired, raw)
            ? Draft.Of(raw)
            : Draft.Of(wired).Note(ModificationKind.Form, "line ends", "bare CR, bare LF or NUL", "CRLF");
        var report = recipe.Post.Report;
        _standing = report.Author.IsValid ? AuthorStanding.Of(report, recipe.Post.Envelope, recipe.Options.Trust.For(recipe.List)) : null;
        _signatures = new AuthorSignatures(report, recipe.Options.Now);
    }

    public PreparedPost Run()
    {
        var draft = Cook(_raw, _isDecorated);
        var verifying = Verify(draft);
        var decisions = ImmutableArray.Create(Decide(verifying, draft.ChangesPost));
        if (decisions[0].Action is MitigationAction.Undo)
        {
            draft = Cook(_raw, isDecorated: false);
            verifying = Verify(draft);
            decisions = decisions.Add(Decide(verifying, isModified: false));
        }

        return Finish(draft, verifying, decisions);
    }

    /// <summary>True when an aligned signature of the author verifies on what the list makes of the post.</summary>
    public bool Survives() => _signatures.Survives(Verify(Cook(_raw, _isDecorated)));

    public byte[] Keep() => Cook(_raw, isDecorated: false).ToOctets();

    private Draft Cook(Draft draft, bool isDecorated) => Apply(FromFooter, Apply(BeforeFooter, draft, isDecorated), isDecorated);

    private Draft Apply(ImmutableArray<Step> steps, Draft draft, bool isDecorated) =>
        steps.Where(s => isDecorated || !s.IsDecoration).Aggregate(draft, (d, s) => s.Apply(d, _recipe));

    private MitigationDecision Decide(ImmutableArray<bool> verifying, bool isModified) => DecisionTable.Decide(new MitigationCase
    {
        Standing = _standing,
        Setting = _recipe.List.IsAnonymous ? MitigationSetting.Always : _recipe.List.Mitigation,
        RequiresAuthorAuthentication = _recipe.List.RequireAuthorAuthentication,
        RejectsForged = _recipe.List.RejectForgedStrict && _recipe.Post.Report.SpfMailFrom.Verdict is SpfVerdict.Fail,
        IsFromOurs = _recipe.List.VouchesFor(_recipe.Post.Report.Dmarc),
        ApprovedBy = _recipe.Post.ApprovedBy,
        IsModified = isModified,
        Survives = _standing is not null && _signatures.Survives(verifying),
    });

    // As it leaves: with the two fields that a personal copy has, whatever their values (an author may have signed their absence).
    private ImmutableArray<bool> Verify(Draft draft)
    {
        var leaving = _recipe.List.Personalize ? draft with { Fields = OneClick.Put(draft.Fields, _recipe.List, new Uri("https://list.invalid/")) } : draft;
        return _signatures.Any ? _signatures.Verify(RawMessage.Parse(leaving.ToOctets())) : [.. _recipe.Post.Report.Dkim.Select(_ => false)];
    }

    private PreparedPost Finish(Draft draft, ImmutableArray<bool> verifying, ImmutableArray<MitigationDecision> decisions)
    {
        var decision = decisions[^1];
        return decision.Action switch
        {
            MitigationAction.Keep or MitigationAction.Rewrite when _recipe.List.IsAnonymous => Leave(Mark(draft, decision), decisions),
            MitigationAction.Keep => Leave(Mark(_signatures.RemoveBroken(draft, verifying, _recipe.Post.Report.Author.Domain!), decision), decisions),
            MitigationAction.Rewrite => Leave(Mark(Rewrite(draft, decision), decision), decisions),
            MitigationAction.Wrap => Leave(Mark(Wrap(decision), decision), decisions),
            MitigationAction.Reject => Stay(new Verdict.Reject(decision.Why), draft, decisions),
            MitigationAction.Defer => Stay(new Verdict.Reject(decision.Why, 451, "4.7.0"), draft, decisions),
            _ => Stay(new Verdict.Hold(decision.Why), draft, decisions),
        };
    }

    // Every signature covers From (RFC 6376 §5.4), so none verifies any more.
    private Draft Rewrite(Draft draft, MitigationDecision decision) => _signatures.RemoveBroken(
        Rewriting.Apply(draft, _recipe, decision.IsMarked), [.. _recipe.Post.Report.Dkim.Select(_ => false)], _recipe.List.Domain);

    // The author's message goes in as it came, but for what must not pass; the list's changes are made around it.
    private Draft Wrap(MitigationDecision decision) =>
        Apply(FromFooter, Wrapping.Apply(Apply(BeforeFooter, _raw, isDecorated: true), _recipe, decision.IsMarked), _isDecorated);

    // Rows 18 and 19: who approved it is logged, not told to everyone.
    private Draft Mark(Draft draft, MitigationDecision decision) => decision.IsMarked
        ? draft.Prepend("X-Author-Not-Verified", $"approved by a moderator of {_recipe.List.Address}")
        : draft;

    private PreparedPost Leave(Draft draft, ImmutableArray<MitigationDecision> decisions) => new(draft.Fields)
    {
        Verdict = new Verdict.Accept(),
        IsAnonymous = _recipe.List.IsAnonymous,
        Body = draft.Body,
        Modifications = draft.Modifications,
        Decisions = decisions,
    };

    private static PreparedPost Stay(Verdict verdict, Draft draft, ImmutableArray<MitigationDecision> decisions) => new([])
    {
        Verdict = verdict,
        Modifications = draft.Modifications,
        Decisions = decisions,
    };
}
