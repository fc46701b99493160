using System.Text;
using System.Text.Json;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;

namespace ListServer.Conformance;

/// <summary>Answers to the operations mime, addresses and date.</summary>
internal static class ReadingAnswers
{
    public static void WriteMessage(Utf8JsonWriter writer, RawMessage message)
    {
        writer.WriteString("subject", PostContent.Read(message).Subject);
        WriteAddresses(writer, "from", Value(message, "From"));
        WriteAddresses(writer, "to", Value(message, "To"));
        writer.WriteStartArray("texts");
        foreach (var text in MessageView.Read(message).Texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    public static void WriteAddresses(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value)
    {
        writer.WriteStartArray(name);
        foreach (var mailbox in NamedAddress.ReadAll(value))
        {
            writer.WriteStartObject();
            writer.WriteString("name", mailbox.Name.Length > 0 ? mailbox.Name : null);
            writer.WriteString("address", mailbox.Address);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteDate(Utf8JsonWriter writer, string value)
    {
        var isValid = MailDate.TryRead(Encoding.UTF8.GetBytes(value), out var date);
        writer.WriteBoolean("valid", isValid);
        if (isValid)
        {
            writer.WriteNumber("unix", date!.Value.ToUnixTimeSeconds());
        }
    }

    private static ReadOnlySpan<byte> Value(RawMessage message, string name)
    {
        foreach (var field in message.Fields)
        {
            if (field.Is(name))
            {
                return field.RawValue.Span;
            }
        }

        return [];
    }
}
