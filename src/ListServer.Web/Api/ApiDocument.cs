using ListServer.Web.Visits;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace ListServer.Web.Api;

/// <summary>What the OpenAPI document says beyond what the endpoints' types show.</summary>
internal static class ApiDocument
{
    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = described => described.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ListServer",
                Version = "1",
                Description = "All that the pages do, for programs. Bring a token (\"listserver token create\", or /account/tokens). Refusals are application/problem+json (RFC 9457). "
                    + "What changes a state needs If-Match with the ETag that came with it; POST takes an Idempotency-Key, whose answer is given again for a day.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token: lst_…" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var (need, scope, words) = (metadata.OfType<Need>().First(), metadata.OfType<NeedsScope>().FirstOrDefault(), metadata.OfType<EndpointWords>().FirstOrDefault());
        operation.Description = $"Right: {need.Right}.{(scope?.Scope is { } name ? $" Scope: {name}." : "")}";
        operation.Parameters ??= [];
        foreach (var part in RoutePatternFactory.Parse("/" + context.Description.RelativePath).Parameters)
        {
            operation.Parameters.Add(Parameter(part.Name, ParameterLocation.Path, JsonSchemaType.String, part.Name == "list" ? "The posting address." : null, isRequired: true));
        }

        foreach (var query in words?.Query ?? [])
        {
            var type = query.Type switch { "integer" => JsonSchemaType.Integer, "boolean" => JsonSchemaType.Boolean, _ => JsonSchemaType.String };
            operation.Parameters.Add(Parameter(query.Name, ParameterLocation.Query, type, query.Words, isRequired: false));
        }

        if (words is { NeedsIfMatch: true })
        {
            operation.Parameters.Add(Parameter("If-Match", ParameterLocation.Header, JsonSchemaType.String, "The ETag that came with what is changed.", isRequired: true));
        }

        if (words is { TakesIdempotencyKey: true })
        {
            operation.Parameters.Add(Parameter(Repeats.Header, ParameterLocation.Header, JsonSchemaType.String, "Your name for this request: the same again is answered the same, and done once.", isRequired: false));
        }
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation where, JsonSchemaType type, string? words, bool isRequired) =>
        new() { Name = name, In = where, Required = isRequired, Description = words, Schema = new OpenApiSchema { Type = type } };
}
