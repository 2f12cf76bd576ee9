using System.Text;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Tests.Configuration;

/// <summary>Every JSON file of a model is read the same way.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("config.json");

    public static TheoryData<string, bool> Encodings()
    {
        var data = new TheoryData<string, bool>();
        foreach (string name in (string[])["utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE"])
        {
            data.Add(name, true);
            data.Add(name, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Any_Unicode_encoding_with_a_byte_order_mark_or_without_and_any_line_ends(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] text = encoding.GetBytes("{\r\n  \"word\": \"\u00fcber \U0001F34E\",\r\n  \"n\": 3\r}");
        System.IO.File.WriteAllBytes(File, hasMark ? [.. encoding.GetPreamble(), .. text] : text);
        var config = ConfigFile.Load(File);
        Assert.Equal(("\u00fcber \U0001F34E", 3), (config.Text("word"), config.WholeNumber("n")));
    }

    [Fact]
    public void Comments_trailing_commas_and_Pythons_numbers()
    {
        ConfigFile config = Parse("""
            { // by hand
              "low": -Infinity, "high": Infinity, "none": NaN, /* as text */ "text": "NaN, -Infinity",
            }
            """);
        Assert.Equal(double.NegativeInfinity, config.Number("low", double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, config.Number("high", 0, double.PositiveInfinity));
        Assert.Equal("NaN, -Infinity", config.Text("text"));
        Says(() => config.Number("none", double.NegativeInfinity, double.PositiveInfinity), "'none' must be a number", "NaN");
        Says(() => config.Number("high"), "'high' must be a number", "Infinity");
    }

    [Fact]
    public void A_key_that_is_null_is_as_good_as_absent()
    {
        ConfigFile config = Parse("""{ "a": null }""");
        Assert.Null(config.Text("a"));
        Assert.Null(config.Number("a"));
        Assert.Null(config.WholeNumber("a"));
        Assert.Null(config.Flag("a"));
        Assert.Null(config.List("a"));
        Assert.Null(config.WholeNumbers("a"));
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3.0", 3)]
    [InlineData("3e0", 3)]
    public void A_whole_number_may_be_written_as_Python_writes_floats(string text, int expected) =>
        Assert.Equal(expected, Parse($$"""{ "n": {{text}} }""").WholeNumber("n"));

    [Theory]
    [InlineData("3.5")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("101")]
    [InlineData("1e999")]
    [InlineData("99999999999999999999")]
    [InlineData("NaN")]
    [InlineData("\"3\"")]
    [InlineData("true")]
    [InlineData("[3]")]
    public void A_whole_number_outside_of_its_range_is_refused_by_key_and_range(string text) =>
        Says(() => Parse($$"""{ "n": {{text}} }""").WholeNumber("n", 1, 100), "'n' must be a whole number from 1 to 100", text);

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.5")]
    [InlineData("1e999")]
    [InlineData("Infinity")]
    [InlineData("{}")]
    public void A_number_outside_of_its_range_is_refused_by_key_and_range(string text) =>
        Says(() => Parse($$"""{ "x": {{text}} }""").Number("x", 0, 1), "'x' must be a number from 0 to 1");

    [Theory]
    [InlineData("""{ "a": 1, "a": 2 }""", "'a'")]
    [InlineData("""{ "b": { "a": 1, "a": 1 } }""", "'a'")]
    [InlineData("""{ "a": 1 } x""", "not valid JSON")]
    [InlineData("""{ "\uD800": 1 }""", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("null", "expected a JSON object, found Null")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "not valid JSON")]
    public void What_is_no_object_is_refused(string text, string said) => Says(() => Parse(text), "config.json", said);

    [Fact]
    public void Nesting_without_end_is_refused() => Says(() => Parse(new string('[', 100_000)), "not valid JSON");

    [Fact]
    public void A_file_that_is_no_text_is_refused_with_the_place()
    {
        System.IO.File.WriteAllBytes(File, [.. "{ \"a\": \""u8, 0xFF]);
        Says(() => ConfigFile.Load(File), "expected UTF-8 text", "offset 8");
    }

    [Fact]
    public void A_file_of_gigabytes_is_refused_before_it_is_read()
    {
        using (FileStream file = System.IO.File.Create(File))
        {
            file.SetLength(5L << 30);
        }

        Says(() => ConfigFile.Load(File), "5368709120 bytes");
    }

    [Fact]
    public void A_missing_file_and_a_folder_in_its_place_are_named()
    {
        Says(() => ConfigFile.Load(File), File, "missing");
        Assert.Null(ConfigFile.LoadIfPresent(File));
        Directory.CreateDirectory(File);
        Says(() => ConfigFile.Load(File), File, "cannot be read");
    }

    public void Dispose() => _folder.Dispose();

    private static ConfigFile Parse(string json) => ConfigFile.Parse(json, "config.json");

    private static void Says(Func<object?> read, params string[] parts)
    {
        var error = Assert.Throws<ModelFormatException>(read);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
