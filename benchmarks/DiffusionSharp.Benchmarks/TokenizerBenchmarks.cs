using System.Text;
using BenchmarkDotNet.Attributes;
using DiffusionSharp.Emoji;
using DiffusionSharp.Text;

namespace DiffusionSharp.Benchmarks;

/// <summary>The tokenizers on English prompts; the baseline copies the same text.</summary>
public class TokenizerBenchmarks
{
    private const string Sentence = "a photograph of an astronaut riding a red horse on a teal background, dramatic light, highly detailed, ";

    private readonly ClipTokenizer _tokenizer = ClipTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer"));
    private readonly T5Tokenizer _t5 = T5Tokenizer.Load(Path.Combine(AppContext.BaseDirectory, "t5"));
    private string _text = "";
    private char[] _copy = [];

    /// <summary>Characters of the prompt.</summary>
    [Params(100, 100_000)]
    public int Characters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder();
        while (text.Length < Characters)
        {
            text.Append(Sentence);
        }

        _text = text.ToString(0, Characters);
        _copy = new char[Characters];
    }

    [Benchmark(Baseline = true)]
    public void CopyText() => _text.CopyTo(_copy);

    [Benchmark]
    public IReadOnlyList<int> Encode() => _tokenizer.Encode(_text);

    [Benchmark]
    public IReadOnlyList<int> EncodeT5() => _t5.Encode(_text);
}
