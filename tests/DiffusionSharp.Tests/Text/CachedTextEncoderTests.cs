using System.Numerics.Tensors;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>A prompt that comes again is not encoded again, and nobody can tell otherwise.</summary>
public class CachedTextEncoderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_gives_what_the_encoder_gives(bool hasPooled)
    {
        var inner = new ToyTextEncoder { HasPooled = hasPooled };
        using var cached = new CachedTextEncoder(inner);
        string[] prompts = ["a cat", "", "a prompt that is too long for the toy", "a cat", "A cat", "a cat "];
        for (int i = 0; i < 2; i++)
        {
            TextEncoding expected = new ToyTextEncoder { HasPooled = hasPooled }.Encode(prompts);
            TextEncoding actual = cached.Encode(prompts);
            Assert.Equal(expected.Parts.Context!.Lengths.ToArray(), actual.Parts.Context!.Lengths.ToArray());
            Assert.Equal(expected.Parts.Context!.Values(), actual.Parts.Context!.Values());
            Assert.Equal(expected.Parts.Pooled?.Lengths.ToArray(), actual.Parts.Pooled?.Lengths.ToArray());
            Assert.Equal(expected.Parts.Pooled?.Values().ToArray(), actual.Parts.Pooled?.Values().ToArray());
            Assert.Equal(expected.TruncatedTexts, actual.TruncatedTexts);
        }

        // The exact text is the key, and each is encoded by itself.
        Assert.Equal(["a cat", "", "a prompt that is too long for the toy", "A cat", "a cat "], inner.Calls.Select(call => Assert.Single(call)));
    }

    [Fact]
    public void What_was_not_used_for_the_longest_goes_first()
    {
        var inner = new ToyTextEncoder();
        using var cached = new CachedTextEncoder(inner, capacity: 2);
        Assert.Equal(2, cached.Capacity);
        foreach (string prompt in (string[])["a", "b", "a", "c", "a", "b"])
        {
            Assert.Equal(ToyTextEncoder.Embed(prompt), cached.Encode([prompt]).Parts.Context!.Values());
        }

        Assert.Equal(["a", "b", "c", "b"], inner.Calls.Select(call => call[0]));
    }

    [Fact]
    public void Changing_a_result_changes_nobody_elses()
    {
        using var cached = new CachedTextEncoder(new ToyTextEncoder());
        Tensor<float> first = cached.Encode(["a cat"]).Parts.Context!;
        first[0, 0, 0] = 1000;
        Assert.Equal(ToyTextEncoder.Embed("a cat"), cached.Encode(["a cat"]).Parts.Context!.Values());
    }

    [Fact]
    public async Task Many_threads_may_ask_at_once()
    {
        var inner = new ToyTextEncoder();
        using var cached = new CachedTextEncoder(inner, capacity: 5);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 2000; i++)
            {
                string[] prompts = [$"{random.Next(10)}", $"{random.Next(3)}"];
                Assert.Equal([.. ToyTextEncoder.Embed(prompts[0]), .. ToyTextEncoder.Embed(prompts[1])], cached.Encode(prompts).Parts.Context!.Values());
            }
        })));
        Assert.True(inner.Calls.Count < 16000, "Nothing was remembered.");
    }

    [Fact]
    public void What_was_cancelled_or_failed_is_not_remembered()
    {
        var inner = new ToyTextEncoder();
        using var cached = new CachedTextEncoder(inner);
        Assert.Throws<OperationCanceledException>(() => cached.Encode(["a cat"], new CancellationToken(canceled: true)));
        using var cancellation = new CancellationTokenSource();
        cached.Encode(["a cat"], cancellation.Token);
        Assert.Equal(cancellation.Token, inner.LastToken);
        Assert.Single(inner.Calls);
    }

    [Fact]
    public void It_disposes_the_encoder_unless_that_is_to_be_left_open()
    {
        var inner = new ToyTextEncoder();
        var cached = new CachedTextEncoder(inner);
        cached.Encode([""]);
        cached.Dispose();
        cached.Dispose();
        Assert.Equal(1, inner.Disposals);
        Assert.Throws<ObjectDisposedException>(() => cached.Encode([""]));

        new CachedTextEncoder(inner, leaveOpen: true).Dispose();
        Assert.Equal(1, inner.Disposals);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using var inner = new ToyTextEncoder();
        Assert.Throws<ArgumentOutOfRangeException>(() => new CachedTextEncoder(inner, 0));
        using var cached = new CachedTextEncoder(inner);
        Assert.Throws<ArgumentException>(() => cached.Encode([]));
        Assert.Throws<ArgumentException>(() => cached.Encode(["a", null!]));
        Assert.Empty(inner.Calls);
    }
}
