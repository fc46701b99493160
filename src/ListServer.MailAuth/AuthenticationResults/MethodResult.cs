using System.Collections.Immutable;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>One property that a method looked at: ptype.property=value (RFC 8601 §2.2).</summary>
/// <param name="PropertyType">The ptype: smtp, header, body or policy, or another.</param>
/// <param name="Property">The property's name.</param>
/// <param name="Value">The value, quotes removed.</param>
public sealed record ResultProperty(string PropertyType, string Property, string Value);

/// <summary>What one method found (RFC 8601 §2.2, §2.7).</summary>
/// <param name="Method">The method, such as spf; its version left out.</param>
/// <param name="Result">The result, such as pass.</param>
/// <param name="Reason">The reason=, quotes removed, or null.</param>
/// <param name="Properties">The properties in their order; may be empty.</param>
public sealed record MethodResult(string Method, string Result, string? Reason, ImmutableArray<ResultProperty> Properties);
