using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Long prompts, many words, many threads.</summary>
public class ClipTokenizerScaleTests
{
    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.Load(ClipFolders.Emoji);

    // In quadratic time each of these would take minutes.
    [Theory]
    [InlineData("a", "ab")]
    [InlineData("", "!?")]
    [InlineData("a", "\u0301\u0327")]
    [InlineData("", "<|endoftext|>")]
    [InlineData("", "'")]
    [InlineData("", "\U0001F991")]
    public void A_prompt_of_hundreds_of_thousands_of_repetitions_is_encoded(string start, string repeated)
    {
        string prompt = start + string.Concat(Enumerable.Repeat(repeated, 200_000));

        Assert.True(Tokenizer.Tokenize(prompt).IsTruncated);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("the red apple ")]
    [InlineData("é\u0301")]
    public void Memory_grows_in_proportion_to_the_prompt(string repeated)
    {
        string prompt = string.Concat(Enumerable.Repeat(repeated, 20_000));
        _ = Tokenizer.Encode(prompt);

        long once = AllocatedBy(() => Tokenizer.Encode(prompt));
        long fourTimes = AllocatedBy(() => Tokenizer.Encode(prompt + prompt + prompt + prompt));

        // Lists double when they grow, hence the factor of two.
        Assert.True(fourTimes <= 2 * 4 * once, $"{once} bytes for one prompt, {fourTimes} for one of four times the length.");
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(1000)]
    public void Short_and_long_words_are_merged_alike(int length)
    {
        var textbook = new TextbookClip(ClipFolders.Emoji);
        var random = new Random(length);
        for (int i = 0; i < 20; i++)
        {
            string word = string.Concat(Enumerable.Range(0, length).Select(_ => "etaoinshrd"[random.Next(10)]));
            Assert.Equal(textbook.Encode(word), Tokenizer.Encode(word));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void Every_pair_of_one_rank_merges_before_the_pairs_that_it_brings_about(int repetitions)
    {
        // "ab a" is first in the list but exists only after "a b"; by then every "a b" is taken.
        using TemporaryFolder folder = TinyVocabulary.Write("ab a", "a b", "a b</w>");
        string word = string.Concat(Enumerable.Repeat("ab", repetitions)) + "c";

        string expected = string.Concat(Enumerable.Repeat("ab ", repetitions)) + "c</w>";
        Assert.Equal(expected, TinyVocabulary.Spell(folder.Path, word));
    }

    [Fact]
    public async Task Threads_that_share_a_tokenizer_all_get_the_right_ids()
    {
        // More distinct words than the cache holds, so that threads overwrite each other's entries.
        string[] words = [.. Enumerable.Range(0, 20_000).Select(i => $"{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}x")];
        int[][] expected = [.. words.Select(word => Tokenizer.Encode(word).ToArray())];
        var shared = ClipTokenizer.Load(ClipFolders.Emoji);

        IEnumerable<Task<int>> threads = Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () => Enumerable.Range(0, words.Length)
                .Select(i => (i + (thread * words.Length / 8)) % words.Length)
                .Count(i => !shared.Encode(words[i]).SequenceEqual(expected[i])),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        Assert.All(await Task.WhenAll(threads), wrong => Assert.Equal(0, wrong));
    }

    [Fact]
    public void The_word_cache_forgets_rather_than_grows()
    {
        var cache = new WordCache();
        string[] words = [.. Enumerable.Range(0, 200_000).Select(i => $"w{i}")];
        foreach (string word in words)
        {
            cache.Add(word, [word.Length]);
        }

        cache.Add(new string('x', 1000), [1]);

        Assert.InRange(words.Count(word => cache.TryGet(word, out _)), 1, 16_384);
        Assert.False(cache.TryGet(new string('x', 1000), out _));
    }

    private static long AllocatedBy(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
