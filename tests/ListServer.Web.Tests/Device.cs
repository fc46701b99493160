using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ListServer.Web.Tests;

/// <summary>A device with one passkey, in software: says what it is told to, so that tests can let it say something wrong.</summary>
/// <param name="Domain">For which site it signs.</param>
/// <param name="Origin">Where the browser says it is.</param>
internal sealed record Device(string Domain, string Origin) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _owner = "";

    public uint Count { get; set; }

    /// <summary>False for one that does not ask who holds it.</summary>
    public bool AsksWho { get; init; } = true;

    /// <summary>False for one whose key is another one than it told.</summary>
    public bool HasItsKey { get; init; } = true;

    /// <summary>Whether the page stands in a frame of another site.</summary>
    public bool IsFramed { get; init; }

    /// <summary>Makes the passkey, as navigator.credentials.create() answers.</summary>
    public string Create(JsonNode options)
    {
        _owner = options["user"]!["id"]!.GetValue<string>();
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] cose = [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
        byte[] data = [.. Data(0x40), .. new byte[16], 0, (byte)_id.Length, .. _id, .. cose];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new JsonObject { ["clientDataJSON"] = Text(ClientData("webauthn.create", options)), ["attestationObject"] = Text(attestation), ["transports"] = new JsonArray("internal") });
    }

    /// <summary>Signs, as navigator.credentials.get() answers.</summary>
    public string Sign(JsonNode options)
    {
        var (client, data) = (ClientData("webauthn.get", options), Data(0));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = (HasItsKey ? _key : other).SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject { ["clientDataJSON"] = Text(client), ["authenticatorData"] = Text(data), ["signature"] = Text(signature), ["userHandle"] = _owner });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Data(byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), (byte)(more | (AsksWho ? 5 : 1)), .. count];
    }

    private byte[] ClientData(string type, JsonNode options) => Encoding.UTF8.GetBytes(
        new JsonObject { ["type"] = type, ["challenge"] = options["challenge"]!.GetValue<string>(), ["origin"] = Origin, ["crossOrigin"] = IsFramed }.ToJsonString());

    private string Answer(JsonObject response) => new JsonObject
    {
        ["id"] = Text(_id),
        ["rawId"] = Text(_id),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private static string Text(byte[] octets) => Base64Url.EncodeToString(octets);
}
