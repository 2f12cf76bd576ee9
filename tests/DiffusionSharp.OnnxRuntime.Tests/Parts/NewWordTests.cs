using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Graphs;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.OnnxRuntime.TextualInversions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>New rows behind a text encoder's table of tokens, of which the fixtures' has 128, against the transformer's formula.</summary>
public sealed class NewWordTests : IDisposable
{
    private const int Tokens = 128;

    private static readonly float[] First = [0.5f, -1, 2, 0.25f];
    private static readonly float[] Second = [-0.75f, 0.5f, 1, -2];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("transformer", 0, 1e-5)]
    [InlineData("transformer", 2, 1e-5)]
    [InlineData("transformer-one-node-norms", 1, 1e-5)]
    [InlineData("transformer-float16", 0, 0.05)]
    public void A_new_token_has_the_vector_that_its_file_says(string model, int skipped, double tolerance)
    {
        using OnnxTextEncoder encoder = Load(model, Word("a", First), Word("b", Second));
        Conditioning parts = encoder.Encode(["r\u0080\u0081"], new TextEncodingPlan { Options = new TextEncodingOptions { ClipSkip = skipped } }, CancellationToken.None).Parts;
        double[][] embeddings = [.. ((int[])[1, 'r', Tokens, Tokens + 1, 2, 2, 2, 2]).Select(id => id switch
        {
            Tokens => Array.ConvertAll(First, value => (double)value),
            Tokens + 1 => Array.ConvertAll(Second, value => (double)value),
            _ => TransformerFormula.Embedding(id),
        })];
        Assertions.Near(TransformerFormula.Normed(TransformerFormula.State(embeddings, TransformerFormula.Layers - skipped)), parts.Context!.Values(), tolerance);
    }

    [Fact]
    public void Prompts_without_it_are_read_as_ever()
    {
        using OnnxTextEncoder longer = Load("transformer", Word("a", First));
        using var plain = new OnnxTextEncoder(Fixture.Path("text-encoders/transformer.onnx"), new LetterTokenizer());
        Assertions.SameBits(plain.Encode(["red"]).Parts.Context!.Values(), longer.Encode(["red"]).Parts.Context!.Values());
    }

    [Fact]
    public void A_table_that_is_not_found_or_of_another_size_is_refused()
    {
        Assert.Throws<ModelFormatException>(() => Load("int64", Word("a", First))).Says("int64.onnx", "input_ids", "table");
        Assert.Throws<ModelFormatException>(() => Load("transformer", Word("a", First[..3]))).Says("'a' have 3 channels", "model 4");
        byte[] model = File.ReadAllBytes(Fixture.Path("text-encoders/transformer.onnx"));
        Assert.Throws<ModelFormatException>(() => TokenTable.Extended(model, "model.onnx", [Word("a", First)], 127)).Says("128 tokens", "tokenizer has 127");
        Assert.Throws<ModelFormatException>(() => TokenTable.Extended(model[..^100], "model.onnx", [Word("a", First)], Tokens)).Says("model.onnx", "damaged");
    }

    [Fact]
    public void Words_in_a_folder_need_a_text_encoder_of_CLIP_that_they_are_for()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Copy("text-encoders/transformer.onnx", "text_encoder/model.onnx");
        Refused(Path("clip_g", First)).Says("'text_encoder_2'", "another model");
        Refused(Path("emb_params", First)).Says("128 tokens", "its tokenizer has");
        File.WriteAllText(_folder.File("old.bin"), "pickle");
        Refused(_folder.File("old.bin")).Says("old.bin", "Python pickle");

        ModelFormatException Refused(string path) =>
            Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { TextualInversions = [new TextualInversion(path)] }));
    }

    private static OnnxTextEncoder Load(string model, params NewWord[] words) => new(
        ModelSource.File(Fixture.Path($"text-encoders/{model}.onnx")).Changed((bytes, path) => TokenTable.Extended(bytes, path, words, Tokens)),
        new LetterTokenizer(),
        null,
        ContextLayer.Last,
        CancellationToken.None);

    private NewWord Word(string token, float[] vector) => NewWord.Read(new TextualInversion(Path(token, vector)))["text_encoder"];

    // The format: eight bytes with the length of the header, the header, the values.
    private string Path(string tensor, float[] vector)
    {
        byte[] header = Encoding.UTF8.GetBytes($$$"""{"{{{tensor}}}": { "dtype": "F32", "shape": [1, {{{vector.Length}}}], "data_offsets": [0, {{{4 * vector.Length}}}] } }""");
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        string path = _folder.File($"{tensor}.safetensors");
        File.WriteAllBytes(path, [.. length, .. header, .. MemoryMarshal.AsBytes<float>(vector)]);
        return path;
    }
}
