using ListServer.Admin;
using ListServer.Admin.Accounts;
using ListServer.Admin.Announcements;
using ListServer.Admin.Domains;
using ListServer.Admin.Held;
using ListServer.Admin.Incidents;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Posts;
using ListServer.Admin.Queue;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Membership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ListServer.Control;

/// <summary>
/// The running server's desk for the command line: HTTP over a Unix socket that only the server's own user can open.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ControlSocket(WebApplication application) => _application = application;

    /// <summary>Opens the socket in the data folder.</summary>
    public static async Task<ControlSocket> StartAsync(string dataFolder, LocalDesk desk, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var path = RemoteDesk.SocketPath(dataFolder);
        File.Delete(path);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = "listserver" });
        builder.Logging.ClearProviders();
        builder.Services.Add(Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton(logs));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 256 << 20;
            kestrel.ListenUnixSocket(path);
        });
        var application = builder.Build();
        MapAll(application, desk);
        await application.StartAsync(cancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new ControlSocket(application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static void MapAll(WebApplication application, LocalDesk desk)
    {
        var map = new Map(application, desk);
        map.Add<AddDomain, MailDomain>();
        map.Add<BrowseDomains, IReadOnlyList<MailDomain>>();
        map.Add<CreateList, MailingList>();
        map.Add<ChangeList, MailingList>();
        map.Add<RemoveList, MailingList>();
        map.Add<BrowseLists, IReadOnlyList<ListSummary>>();
        map.Add<AddMember, Member>();
        map.Add<SetMember, Member>();
        map.Add<RemoveMember, Member>();
        map.Add<BrowseMembers, IReadOnlyList<Member>>();
        map.Add<ShowMember, MemberDetail>();
        map.Add<EnableMember, Member>();
        map.Add<BrowseConsents, IReadOnlyList<Consent>>();
        map.Add<ImportMembers, ImportReport>();
        map.Add<BrowsePosts, IReadOnlyList<Post>>();
        map.Add<ShowTrace, PostTrace>();
        map.Add<TryPost, PostTrial>();
        map.Add<UndoCopy, UndoneCopy>();
        map.Add<BrowseQueue, QueueOverview>();
        map.Add<ShowQueue, DestinationQueue>();
        map.Add<BrowseTls, IReadOnlyList<TlsReport>>();
        map.Add<RetryQueue, RetryAnswer>();
        map.Add<DropQueued, DropAnswer>();
        map.Add<SendAnnouncement, AnnouncementProgress>();
        map.Add<BrowseAnnouncements, IReadOnlyList<AnnouncementProgress>>();
        map.Add<ShowAnnouncement, AnnouncementProgress>();
        map.Add<PauseAnnouncement, AnnouncementProgress>();
        map.Add<ResumeAnnouncement, AnnouncementProgress>();
        map.Add<StopAnnouncement, AnnouncementProgress>();
        map.Add<RescheduleAnnouncement, AnnouncementProgress>();
        map.Add<BrowseIncidents, IReadOnlyList<Incident>>();
        map.Add<ShowIncident, IncidentDetail>();
        map.Add<CloseIncident, Incident>();
        map.Add<ShowHeld, HeldPost>();
        map.Add<DecideHeld, Post>();
        map.Add<GenerateKey, KeyAnswer>();
        map.Add<ShowKey, KeyAnswer>();
        map.Add<AddAccount, AccountAnswer>();
        map.Add<RemoveAccount, AccountAnswer>();
        map.Add<BrowseAccounts, IReadOnlyList<AccountAnswer>>();
    }

    private sealed record Map(IEndpointRouteBuilder Routes, LocalDesk Desk)
    {
        public void Add<TUseCase, TAnswer>()
            where TUseCase : UseCase<TAnswer> =>
            Routes.MapPost("/" + typeof(TUseCase).Name, async (HttpContext http) =>
            {
                var useCase = await http.Request.ReadFromJsonAsync<TUseCase>(Wire.Options, http.RequestAborted);
                var actor = Uri.UnescapeDataString(http.Request.Headers[RemoteDesk.ActorHeader].ToString());
                switch (await Desk.For(actor).RunAsync(useCase!, http.RequestAborted))
                {
                    case Outcome<TAnswer>.Done(var answer):
                        await http.Response.WriteAsJsonAsync(answer, Wire.Options, http.RequestAborted);
                        break;
                    case Outcome<TAnswer>.Refused(var kind, var message):
                        http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                        await http.Response.WriteAsJsonAsync(new RefusalBody(kind, message), Wire.Options, http.RequestAborted);
                        break;
                }
            });
    }
}
