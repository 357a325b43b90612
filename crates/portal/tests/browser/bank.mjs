// The other side of a payment: a bank that books every order of a file and says so in its statement.

/// The statement (camt.053) from one day to the day on which everything in an order (pain.001) is booked, on an account with `opening` fen.
export function statement(order, from, day, opening) {
  const account = order.match(/<DbtrAcct>[\s\S]*?<Id>(\d+)<\/Id>/)[1];
  const transfers = [...order.matchAll(/<EndToEndId>(.*?)<\/EndToEndId>[\s\S]*?<InstdAmt Ccy="CNY">(.*?)<\/InstdAmt>/g)];
  const fen = (yuan) => BigInt(yuan.replace(".", ""));
  const yuan = (fen) => `${fen / 100n}.${String(fen % 100n).padStart(2, "0")}`;
  const closing = transfers.reduce((left, [, , amount]) => left - fen(amount), opening);
  const balance = (kind, amount) => `
   <Bal><Tp><CdOrPrtry><Cd>${kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">${yuan(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
  const entry = ([, id, amount], index) => `
   <Ntry><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt><AcctSvcrRef>B${day}-${index}</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls>
   </Ntry>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>S${day}</MsgId><CreDtTm>${day}T23:59:59.000+08:00</CreDtTm></GrpHdr>
  <Stmt><Id>S${day}</Id><CreDtTm>${day}T23:59:59.000+08:00</CreDtTm>
   <FrToDt><FrDtTm>${from}T00:00:00.000+08:00</FrDtTm><ToDtTm>${day}T23:59:59.999+08:00</ToDtTm></FrToDt>
   <Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>${balance("OPBD", opening)}${balance("CLBD", closing)}${transfers.map(entry).join("")}
  </Stmt>
 </BkToCstmrStmt>
</Document>
`;
}
