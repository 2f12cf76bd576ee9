using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Tests.Safetensors;

/// <summary>Headers that chance has changed are read or refused, and nothing else happens.</summary>
public sealed class MutationTests : IDisposable
{
    private const int Count = 20_000;
    private const int DataLength = 24;
    private const int LongHeader = 2_000_000;

    private static readonly string[] Pieces = ["[", "]", "{", "}", "\"", ":", ",", "0", "-1", "1e9", "9223372036854775807", "null", "true", "\\u0000", "\\ud800", "F32", "BF16", "shape", "data_offsets", "__metadata__", "\u00ff"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = Bounded.Hang)]
    public Task Twenty_thousand_headers_end_in_a_model_or_a_typed_error() => Task.Run(() =>
    {
        string header = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["__metadata__"] = new { format = "pt" },
            ["unet.conv.weight"] = new { dtype = "F32", shape = new[] { 2, 2 }, data_offsets = new[] { 0, 16 } },
            ["unet.conv.bias"] = new { dtype = "F16", shape = new[] { 4 }, data_offsets = new[] { 16, 24 } },
        });
        var random = new Random(20);
        string path = _folder.File("a.safetensors");
        int refused = 0;

        for (int i = 0; i < Count; i++)
        {
            byte[] bytes = WrittenTensor.File(Mutate(header, random), new byte[DataLength]);
            if (random.Next(8) == 0)
            {
                bytes[random.Next(sizeof(ulong))] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes[..(random.Next(8) == 0 ? random.Next(bytes.Length) : bytes.Length)]);
            SafetensorsFile? file = null;
            refused += Bounded.Refuses(bytes.Length, () => file = SafetensorsFile.Open(path)) ? 1 : 0;
            Assert.True(file is null || file.Tensors.Values.All(tensor => tensor.Offset >= 0 && tensor.Length >= 0 && tensor.Offset + tensor.Length <= bytes.Length));
        }

        Assert.InRange(refused, Count / 2, Count - 1);
    });

    [Theory(Timeout = Bounded.Hang)]
    [InlineData("{", "\"%\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}", ",", "}", false)]
    [InlineData("{\"__metadata__\":{", "\"%\":\"\"", ",", "}}", false)]
    [InlineData("{", "\"%\":0", ",", "}", true)]
    [InlineData("{", "\"a\":0", ",", "}", true)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[", "1", ",", "],\"data_offsets\":[0,4]}}", true)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[", "0", ",", "]}}", true)]
    [InlineData("{\"a\":[", "[[[]]]", ",", "]}", true)]
    [InlineData("{\"a\":{\"dtype\":\"", "\\u0041", "", "\"}}", true)]
    [InlineData("{\"", "a", "", "\":0}", true)]
    [InlineData("{", " ", "", "}", false)]
    [InlineData("{", "\"", "", "}", true)]
    public Task Long_headers_take_memory_as_their_length(string start, string piece, string between, string end, bool isRefused) => Task.Run(() =>
    {
        var header = new StringBuilder(start);
        for (int i = 0; header.Length < LongHeader; i++)
        {
            header.Append(i == 0 ? "" : between).Append(piece.Replace("%", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        byte[] bytes = WrittenTensor.File(header.Append(end).ToString());
        string path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, bytes);

        Assert.Equal(isRefused, Bounded.Refuses(bytes.Length, () => SafetensorsFile.Open(path)));
    });

    private static byte[] Mutate(string header, Random random)
    {
        var text = new StringBuilder(header);
        for (int change = random.Next(3); change >= 0; change--)
        {
            int place = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text.Remove(place, Math.Min(random.Next(1, 8), text.Length - place));
                    break;
                case 1:
                    text.Insert(place, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    text[place] = (char)random.Next(32, 127);
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
