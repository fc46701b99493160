using System.Collections.Immutable;
using System.Net;
using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Admin.Posts;
using ListServer.Configuration;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Spf;
using ListServer.Reception;
using ListServer.Smtp;
using ListServer.Store;
using ListServer.Store.Queue;

namespace ListServer.Rehearsal;

/// <summary>
/// Takes a message the whole way of a post, by the same judge, kitchen, signer and check, and writes nothing down; then looks at the copy as
/// the next hop would.
/// </summary>
/// <param name="store">Lists, members and the next number; only read.</param>
/// <param name="verification">Finds out who sent it.</param>
/// <param name="judge">Decides about it.</param>
/// <param name="copies">Makes its copies.</param>
/// <param name="receiver">The next hop's verifier: DNS as everybody sees it.</param>
/// <param name="trust">Whom the operator trusts.</param>
/// <param name="options">Our name and limits.</param>
/// <param name="time">The clock.</param>
internal sealed class PostRehearsal(
    ListStore store, Verification verification, PostJudge judge, CopyMakers copies, MessageAuthenticator receiver, OperatorTrust trust, ServerOptions options, TimeProvider time)
{
    /// <summary>Says what would happen.</summary>
    public async Task<Outcome<PostTrial>> TryAsync(TryPost asked, MailingList list, string actor, CancellationToken cancellationToken)
    {
        if (MessageOctets.Refusal(asked.Message, options.Smtp.MaxMessageOctets) is { } refusal)
        {
            return new RefusedUseCase(Refusal.Invalid, $"The server would not take it: {refusal.Code} {refusal.EnhancedCode} {refusal.Text}.");
        }

        var message = RawMessage.Parse(asked.Message);
        var (verified, judgement) = await JudgeAsync(asked, list, message, actor, cancellationToken);
        var audience = copies.Audience.Of(list, judgement.Post!, message);
        var trial = new PostTrial(
            list.Address, Lines(verified.Trace), verified.AuthenticationResults, Told(judgement), audience.Sum(part => part.Roster.Count), audience.SelectMany(part => part.Roster.Destinations).DistinctBy(d => d.Domain).Count());
        if (!judgement.NeedsOctets)
        {
            return trial;
        }

        // What would be held is shown as a moderator's acceptance would let it leave.
        var post = judgement.Post! with
        {
            Serial = store.NextSerial(list.Address),
            ApprovedBy = asked.IsAnnouncement || judgement.Decision!.Verdict is Verdict.Hold ? actor : null,
        };
        return await CookAsync(trial, asked, list, post, message, audience[0].Roster, cancellationToken);
    }

    private async Task<(Verified Verified, Judgement Judgement)> JudgeAsync(
        TryPost asked, MailingList list, RawMessage message, string actor, CancellationToken cancellationToken)
    {
        if (!asked.IsAnnouncement)
        {
            var verified = await verification.TryAsync(message, asked.Origin, cancellationToken);
            return (verified, judge.Judge(list, OrderedId.New(time), message, verified, isSubmission: false));
        }

        var local = new LocalPost(list, message, await verification.TryLocalAsync(message, actor, cancellationToken), actor);
        var post = local.ToPost(store, time);
        return (local.Verified, new Judgement(new ListAddress.Post(list), post, local.Judge(post, store, trust), local.Verified.Trace));
    }

    private async Task<PostTrial> CookAsync(
        PostTrial trial, TryPost asked, MailingList list, Post post, RawMessage message, Roster roster, CancellationToken cancellationToken)
    {
        var prepared = copies.Kitchen.Prepare(list, post, message);
        trial = trial with { Mitigation = prepared.Decisions, Modifications = prepared.Modifications };
        if (prepared.Verdict is not Verdict.Accept)
        {
            return trial with { Stays = prepared.Verdict.Reason };
        }

        if (copies.Keys.Find(list.Domain, out var problem) is not { } identity)
        {
            return trial with { Stays = problem };
        }

        var signed = copies.Signer.Sign(prepared, post, identity, list.Personalize);
        var shared = RawMessage.Parse(signed.With(prepared.Body));
        if (await copies.Signer.CheckAsync(shared, signed, identity, list.Personalize, cancellationToken) is { } fault)
        {
            return trial with { Stays = fault };
        }

        var (recipient, reversePath, copy) = Leaving(list, post, shared, roster, asked.Reader);
        var seen = await SeeAsync(copy, reversePath, asked.SentFrom, cancellationToken);
        return trial with
        {
            Copy = new TrialCopy(
                recipient,
                reversePath,
                post.Serial,
                copy.Octets.Length,
                Lines(signed.Trace),
                [.. Findings.Of(seen).Select(finding => new TrialLine(finding.Outcome, finding.Detail))],
                Forecast.Of(seen, trust, asked.KnownSealers, list.Domain),
                OctetDiff.Unified(message, copy),
                asked.WithOctets ? copy.Octets.ToArray() : null),
        };
    }

    /// <summary>The copy as it leaves: somebody's where each has their own.</summary>
    private (string? Recipient, string ReversePath, RawMessage Copy) Leaving(MailingList list, Post post, RawMessage shared, Roster roster, string? reader)
    {
        var reversePath = list.RoleAddress("bounces");
        if (Distributor.MarkOf(list) is not { } mark || (reader ?? roster.Destinations.FirstOrDefault()?.Addresses[0]) is not { } address)
        {
            return (null, reversePath, shared);
        }

        var (domain, recipient) = (MemberAddress.DomainOf(address), new QueueRecipient(address, mark));
        var now = time.GetUtcNow();
        var group = new QueueGroup(
            OrderedId.New(time), post.Id, list.Address, domain, post.Id, reversePath, [recipient], now, now + options.Outbound.Expiry);
        return copies.Personal.Make(group, recipient, shared, BodyHash.Compute(shared.Body.Span)) is { } own
            ? (recipient.Address, own.ReversePath, own.Header is { } header ? RawMessage.Parse((byte[])[.. header, .. shared.Body.Span]) : shared)
            : (null, reversePath, shared);
    }

    private Task<AuthenticationReport> SeeAsync(RawMessage copy, string reversePath, string? sentFrom, CancellationToken cancellationToken)
    {
        var unknown = sentFrom is null
            ? new SpfResult(SpfVerdict.None, reversePath[(reversePath.LastIndexOf('@') + 1)..], "the address that copies leave from is not given (--sent-from)")
            : null;
        return receiver.VerifyAsync(
            copy,
            sentFrom is null ? IPAddress.Loopback : IPAddress.Parse(sentFrom),
            options.Outbound.HeloName ?? options.HostName,
            reversePath,
            knownMailFrom: unknown,
            cancellationToken: cancellationToken);
    }

    private static TrialDecision Told(Judgement judgement)
    {
        var decision = judgement.Decision!;
        return new TrialDecision(
            Word(decision.Verdict),
            decision.Verdict.Reason,
            $"{judgement.Reply.Code} {judgement.Reply.EnhancedCode}",
            [.. decision.Rules.Select(rule => new TrialRule(rule.Rule, rule.Verdict is null ? null : Word(rule.Verdict), rule.Verdict?.Reason))]);
    }

    private static string Word(Verdict verdict) => verdict.GetType().Name.ToLowerInvariant();

    private static ImmutableArray<TrialLine> Lines(ImmutableArray<TraceEvent> trace) => [.. trace.Select(line => new TrialLine(line.Outcome, line.Detail))];
}

/// <summary>What copies are made with.</summary>
internal sealed record CopyMakers(HouseKitchen Kitchen, Audience Audience, SigningKeys Keys, CopySigner Signer, PersonalCopies Personal);
