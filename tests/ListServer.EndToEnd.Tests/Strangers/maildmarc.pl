#!/usr/bin/perl
# Reads an aggregate report's XML on standard input by Mail::DMARC (Debian's libmail-dmarc-perl), writes what it understood as one line of JSON.
# Mail::DMARC 1.2021 knows the elements, but not the namespace that RFC 9990 gave them: it is taken off first, and nothing else is touched.
use strict;
use warnings;
use JSON::PP;
use Mail::DMARC::Report::Receive;

package Reader;
our @ISA = ('Mail::DMARC::Report::Receive');
package main;

{
    no warnings 'redefine';
    *Mail::DMARC::Report::save_aggregate = sub { return 1 };    # nothing is kept
}

my $xml = do { local $/; <STDIN> };
$xml =~ s/ xmlns="urn:ietf:params:xml:ns:dmarc-2\.0"// or die "no namespace of RFC 9990\n";
my $reader = Reader->new;
$reader->handle_body($xml);
my $aggregate = $reader->report->aggregate;
my $meta = $aggregate->metadata;
my $policy = $aggregate->policy_published;
print JSON::PP->new->canonical->encode({
    organization => $meta->org_name,
    email => $meta->email,
    id => $meta->report_id,
    begin => 0 + $meta->begin,
    end => 0 + $meta->end,
    domain => $policy->domain,
    policy => $policy->p,
    records => [ map { {
        source => $_->row->source_ip,
        count => 0 + $_->row->count,
        dkim => $_->row->policy_evaluated->dkim,
        spf => $_->row->policy_evaluated->spf,
        from => $_->identifiers->header_from,
        envelope => $_->identifiers->envelope_from,
        signatures => [ map { "$_->{domain} $_->{selector} $_->{result}" } @{ $_->auth_results->dkim } ],
        results => [ map { "$_->{domain} $_->{result}" } @{ $_->auth_results->spf } ],
        reasons => [ map { $_->{type} } @{ $_->row->policy_evaluated->reason || [] } ],
    } } @{ $aggregate->record } ],
}), "\n";
