using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Domains;

/// <summary>Takes a mail domain into the server's care.</summary>
/// <param name="Name">The domain; U-labels are turned into A-labels (RFC 5890).</param>
public sealed record AddDomain(string Name) : UseCase<MailDomain>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MailDomain>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (DomainName.Normalize(Name) is not { } name)
        {
            return RefusedUseCase.Invalid(nameof(Name), $"'{Name}' is not a domain name. Write it like lists.example.org.");
        }

        if (context.Store.FindDomain(name) is not null)
        {
            return RefusedUseCase.Conflict($"{name} is here already.");
        }

        var domain = new MailDomain(name);
        await context.CommitAsync([new DomainSaved(domain)], cancellationToken);
        return domain;
    }
}
